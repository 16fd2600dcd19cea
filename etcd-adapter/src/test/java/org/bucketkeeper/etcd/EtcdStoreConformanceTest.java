package org.bucketkeeper.etcd;

import java.time.Duration;
import org.bucketkeeper.store.CoordinationStore;
import org.bucketkeeper.testing.CoordinationStoreConformance;
import org.bucketkeeper.testing.EtcdServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** The store contract on one etcd. */
@Tag("kit")
class EtcdStoreConformanceTest extends CoordinationStoreConformance {

    private static EtcdServer server;

    @BeforeAll
    static void launch() {
        server = EtcdServer.launch();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Override
    protected CoordinationStore openClient() {
        return EtcdStore.builder().endpoints(server.endpoints()).build();
    }

    @Override
    protected void compact(long revision) {
        server.http().compact(revision);
    }

    /** etcd grants no lease shorter than one and a half times its election timeout, which is 1 s by default. */
    @Override
    protected Duration shortestTtl() {
        return Duration.ofSeconds(2);
    }
}
