package org.bucketkeeper.etcd;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.etcd.jetcd.Lease;
import io.grpc.stub.StreamObserver;
import java.time.Clock;
import java.time.Instant;

/** A wall clock that is set back must not stop renewals: nothing here reads it, or uses what of jetcd does. */
@AnalyzeClasses(packages = "org.bucketkeeper.etcd", importOptions = ImportOption.DoNotIncludeTests.class)
class EtcdClockTest {

    @ArchTest
    static final ArchRule NOTHING_READS_THE_WALL_CLOCK = noClasses()
            .should()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(Instant.class)
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(Clock.class);

    @ArchTest
    static final ArchRule NOTHING_USES_JETCDS_KEEPALIVE_STREAM =
            noClasses().should().callMethod(Lease.class, "keepAlive", long.class, StreamObserver.class);
}
