package org.bucketkeeper.assignment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.bucketkeeper.bucket.Bucket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyTest {

    private static final Bucket BUCKET = Bucket.parse("3f");

    private static final Policy FULL = Policy.DEFAULT
            .cordon("b")
            .cordon("a")
            .drain("c")
            .pin(BUCKET, "a")
            .withCapacity("a", 200)
            .withAutomaticBalancing(AutomaticBalancing.ON);

    @Test
    void theDefaultWantsNothing() {
        assertThat(Policy.DEFAULT.cordoned()).isEmpty();
        assertThat(Policy.DEFAULT.draining()).isEmpty();
        assertThat(Policy.DEFAULT.pins()).isEmpty();
        assertThat(Policy.DEFAULT.capacities()).isEmpty();
        assertThat(Policy.DEFAULT.automaticBalancing()).isEqualTo(AutomaticBalancing.OFF);
    }

    @Test
    void everyWishCanBeTakenBack() {
        Policy back = FULL.uncordon("a")
                .uncordon("b")
                .undrain("c")
                .unpin(BUCKET)
                .withoutCapacity("a")
                .withAutomaticBalancing(AutomaticBalancing.OFF);

        assertThat(back).isEqualTo(Policy.DEFAULT).hasSameHashCodeAs(Policy.DEFAULT);
    }

    @Test
    void aChangeLeavesTheOriginalAsItWas() {
        Policy changed = Policy.DEFAULT.cordon("a");

        assertThat(changed.cordoned()).containsExactly("a");
        assertThat(Policy.DEFAULT.cordoned()).isEmpty();
        assertThatThrownBy(() -> changed.cordoned().clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void aNewPinTakesThePlaceOfTheOld() {
        assertThat(FULL.pin(BUCKET, "z").pins()).containsExactly(Map.entry(BUCKET, "z"));
    }

    @Test
    void isWrittenAsOtherProgramsReadIt() {
        assertThat(FULL.toJson())
                .isEqualTo("{\"cordoned\":[\"a\",\"b\"],\"draining\":[\"c\"],\"pins\":{\"3f\":\"a\"},"
                        + "\"capacities\":{\"a\":200},\"auto_rebalance\":true}");
    }

    @Test
    void isReadAsItWasWritten() {
        assertThat(Policy.fromJson(FULL.toJson())).isEqualTo(FULL);
        assertThat(Policy.fromJson(Policy.DEFAULT.toJson())).isEqualTo(Policy.DEFAULT);
    }

    @Test
    void missingFieldsAreEmptyAndUnknownOnesIgnored() {
        assertThat(Policy.fromJson("{\"later\":[1,2]}")).isEqualTo(Policy.DEFAULT);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
                    7 | policy must be a JSON object, but is 7
                    {"cordoned":"a"} | policy cordoned must be an array, but is "a"
                    {"draining":["a",null]} | policy draining[1] must be a node id (1 to 128 letters, digits, dots, dashes or underscores), but is null
                    {"pins":{"100":"a"}} | policy pins key must be a bucket (two lower-case hex digits), but is "100"
                    {"pins":{"3f":"a b"}} | policy pins.3f must be a node id (1 to 128 letters, digits, dots, dashes or underscores), but is "a b"
                    {"capacities":{"a":0}} | policy capacities.a must be a whole number from 1 to 1000000, but is 0
                    {"capacities":{"a/b":1}} | policy capacities key must be 1 to 128 letters, digits, dots, dashes or underscores, but is "a/b"
                    {"auto_rebalance":"on"} | policy auto_rebalance must be true or false, but is "on"
                    """)
    void malformedTextIsRefusedWithWhatWasExpected(String json, String message) {
        assertThatThrownBy(() -> Policy.fromJson(json))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void badValuesAreRefused() {
        assertThatThrownBy(() -> Policy.DEFAULT.cordon("a\nb"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("node_id")
                .hasMessageContaining("a?b");
        assertThatThrownBy(() -> Policy.DEFAULT.withCapacity("a", 1_000_001))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("capacity must be 1 to 1000000, but is 1000001");
        assertThatThrownBy(() -> new NodeCapacity("a", 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("capacity must be 1 to 1000000, but is 0");
    }
}
