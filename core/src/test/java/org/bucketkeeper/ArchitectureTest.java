package org.bucketkeeper;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Set;
import java.util.Timer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.locks.LockSupport;

/** The rules that keep the house testable: packages import downwards only, and only the driver knows time and threads. */
@AnalyzeClasses(packages = "org.bucketkeeper", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    /** From the ground up; each floor may use those before it. */
    private static final List<String> FLOORS = List.of(
            "internal.text",
            "driver",
            "bucket",
            "fencing",
            "store",
            "store.memory",
            "internal.mirror",
            "internal.cluster",
            "internal.session",
            "membership",
            "assignment",
            "routing",
            "ownership",
            "monitor",
            "metrics",
            "config",
            "");

    private static final Set<String> CLOCK_METHODS =
            Set.of("nanoTime", "currentTimeMillis", "now", "sleep", "systemUTC", "systemDefaultZone", "instant");

    @ArchTest
    static final ArchRule PACKAGES_IMPORT_DOWNWARDS_ONLY = floors();

    @ArchTest
    static final ArchRule ONLY_THE_DRIVER_READS_CLOCKS_AND_SLEEPS = noClasses()
            .that()
            .resideOutsideOfPackage("org.bucketkeeper.driver")
            .should()
            .accessTargetWhere(new DescribedPredicate<JavaAccess<?>>("a clock is read or a thread sleeps") {
                @Override
                public boolean test(JavaAccess<?> call) {
                    return isClockOrSleep(call);
                }
            });

    @ArchTest
    static final ArchRule ONLY_THE_DRIVER_MAKES_THREADS = noClasses()
            .that()
            .resideOutsideOfPackage("org.bucketkeeper.driver")
            .should()
            .dependOnClassesThat(new DescribedPredicate<JavaClass>("make or park threads") {
                @Override
                public boolean test(JavaClass type) {
                    return type.isAssignableTo(Thread.class)
                            || type.isAssignableTo(Executor.class)
                            || type.isEquivalentTo(Timer.class)
                            || type.isEquivalentTo(ForkJoinPool.class)
                            || type.isEquivalentTo(LockSupport.class)
                            || type.getName().equals("java.util.concurrent.Executors");
                }
            });

    @ArchTest
    static final ArchRule NO_FUTURE_RUNS_ON_A_THREAD_OR_CLOCK_OF_ITS_OWN = noClasses()
            .that()
            .resideOutsideOfPackage("org.bucketkeeper.driver")
            .should()
            .accessTargetWhere(new DescribedPredicate<JavaAccess<?>>("a future brings its own thread or clock") {
                @Override
                public boolean test(JavaAccess<?> call) {
                    String name = call.getName();
                    return call.getTargetOwner().isAssignableTo(CompletableFuture.class)
                            && (name.endsWith("Async") || name.equals("orTimeout") || name.equals("completeOnTimeout"));
                }
            });

    private static ArchRule floors() {
        LayeredArchitecture house = layeredArchitecture().consideringOnlyDependenciesInLayers();
        for (String floor : FLOORS) {
            house = house.layer(nameOf(floor)).definedBy(packageOf(floor));
        }
        for (int i = 0; i < FLOORS.size(); i++) {
            String[] above = FLOORS.subList(i + 1, FLOORS.size()).stream()
                    .map(ArchitectureTest::nameOf)
                    .toArray(String[]::new);
            house = above.length == 0
                    ? house.whereLayer(nameOf(FLOORS.get(i))).mayNotBeAccessedByAnyLayer()
                    : house.whereLayer(nameOf(FLOORS.get(i))).mayOnlyBeAccessedByLayers(above);
        }
        return house.ensureAllClassesAreContainedInArchitecture();
    }

    private static String nameOf(String floor) {
        return floor.isEmpty() ? "root" : floor;
    }

    private static String packageOf(String floor) {
        return floor.isEmpty() ? "org.bucketkeeper" : "org.bucketkeeper." + floor;
    }

    private static boolean isClockOrSleep(JavaAccess<?> call) {
        JavaClass owner = call.getTargetOwner();
        boolean timeful = owner.isEquivalentTo(System.class)
                || owner.isEquivalentTo(Thread.class)
                || owner.isAssignableTo(Clock.class)
                || owner.isEquivalentTo(Instant.class)
                || owner.getPackageName().equals(LocalDateTime.class.getPackageName());
        return timeful && CLOCK_METHODS.contains(call.getName());
    }
}
