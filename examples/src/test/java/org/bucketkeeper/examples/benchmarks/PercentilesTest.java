package org.bucketkeeper.examples.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class PercentilesTest {

    @Test
    void areTheNearestRanksWhateverTheOrder() {
        long[] samples = LongStream.rangeClosed(1, 1000).map(i -> 1001 - i).toArray();

        assertThat(Percentiles.of(samples)).isEqualTo(new Percentiles(500, 950, 990));
    }

    @Test
    void ofOneSampleAreThatSample() {
        assertThat(Percentiles.of(new long[] {7})).isEqualTo(new Percentiles(7, 7, 7));
    }

    @Test
    void leaveTheSamplesAlone() {
        long[] samples = {3, 1, 2};

        Percentiles.of(samples);

        assertThat(samples).containsExactly(3, 1, 2);
    }

    @Test
    void needASample() {
        assertThatIllegalArgumentException().isThrownBy(() -> Percentiles.of(new long[0]));
    }
}
