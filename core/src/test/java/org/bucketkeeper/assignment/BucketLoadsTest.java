package org.bucketkeeper.assignment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.bucketkeeper.bucket.Bucket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BucketLoadsTest {

    @Test
    void aBucketThatIsNotNamedHasNoLoad() {
        BucketLoads loads = BucketLoads.of(Map.of(Bucket.of(3), 2.5));

        assertThat(loads.loadOf(Bucket.of(3))).isEqualTo(2.5);
        assertThat(loads.loadOf(Bucket.of(4))).isZero();
    }

    @Test
    void laterChangesToTheArrayDoNotMatter() {
        double[] values = new double[256];
        BucketLoads loads = BucketLoads.of(values);

        values[0] = 1;

        assertThat(loads.loadOf(Bucket.of(0))).isZero();
    }

    @ParameterizedTest
    @ValueSource(doubles = {-1, Double.NaN, Double.POSITIVE_INFINITY, 1e301})
    void aLoadOutsideTheRangeIsRefused(double load) {
        assertThatThrownBy(() -> BucketLoads.of(Map.of(Bucket.of(171), load)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("load of bucket ab must be 0 to 1.0E300, but is " + load);
    }

    @Test
    void anArrayOfAnotherLengthIsRefused() {
        assertThatThrownBy(() -> BucketLoads.of(new double[255]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("loads must be 256 values, but are 255");
    }
}
