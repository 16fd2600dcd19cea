package org.bucketkeeper.testing.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a copy of a revision is worth that the store is not known to have had. */
class ChecksTest {

    private static final long NEVER_STOOD = 0;

    @Test
    void aCopyOfARevisionThatNeverStoodIsAViolationWhereTheStoreKeepsWrites() {
        assertThat(mirrored(StoreGuarantee.KEEPS_WRITES))
                .extracting(Violation::promise)
                .isEqualTo("no change is missed");
    }

    @Test
    void aCopyOfARevisionThatNobodyElseSawIsNoneWhereTheStoreLosesWrites() {
        assertThat(mirrored(StoreGuarantee.LOSES_WRITES)).isNull();
    }

    private static @Nullable Violation mirrored(StoreGuarantee guarantee) {
        World world = new World(1, SimulationSettings.DEFAULT.withGuarantee(guarantee), new History(false));
        world.checks().onMirrored(world.clients().process(), NEVER_STOOD, 0);
        return world.violations().first();
    }
}
