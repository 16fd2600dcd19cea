package org.bucketkeeper.testing.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a line of the list is read. */
class RegressionSeedTest {

    @ParameterizedTest
    @ValueSource(
            strings = {"744", "744  what it found", "744\twhat redis would do", "etcd 744", "  etcd 744 what it found"})
    void aSeedIsOfAStoreThatKeepsWritesUnlessSaidOtherwise(String line) {
        assertThat(RegressionSeed.parse(line)).isEqualTo(new RegressionSeed(744, StoreGuarantee.KEEPS_WRITES));
    }

    @ParameterizedTest
    @ValueSource(strings = {"redis 4205", "redis  4205  what it found"})
    void aStoreBeforeTheSeedSaysWhatItPromised(String line) {
        assertThat(RegressionSeed.parse(line)).isEqualTo(new RegressionSeed(4205, StoreGuarantee.LOSES_WRITES));
    }

    @ParameterizedTest
    @ValueSource(strings = {"redis", "redis what it found", "memory 7", "what it found"})
    void aLineWithoutASeedIsRefusedAndShown(String line) {
        assertThatThrownBy(() -> RegressionSeed.parse(line))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(line);
    }

    @Test
    void theSeedsOfBeforeThereWereStoresAreStillOfTheDefaultOne() {
        assertThat(RegressionSeeds.all())
                .contains(
                        new RegressionSeed(3, StoreGuarantee.KEEPS_WRITES),
                        new RegressionSeed(744, StoreGuarantee.KEEPS_WRITES));
    }
}
