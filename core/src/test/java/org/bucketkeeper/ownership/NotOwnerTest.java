package org.bucketkeeper.ownership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.bucketkeeper.VirtualCluster;
import org.bucketkeeper.bucket.Bucket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NotOwnerTest {

    private static final Bucket BUCKET = Bucket.parse("3f");

    @Test
    void isReadAsItWasWritten() {
        NotOwner refusal = new NotOwner(BUCKET, VirtualCluster.node("dtable-server-01"), 17);

        assertThat(NotOwner.fromJson(refusal.toJson())).isEqualTo(refusal);
    }

    @Test
    void isReadAsItWasWrittenWithoutAnOwner() {
        NotOwner refusal = new NotOwner(BUCKET, null, 0);

        assertThat(NotOwner.fromJson(refusal.toJson())).isEqualTo(refusal);
    }

    @Test
    void hasTheShapeThatOtherProgramsRead() {
        assertThat(new NotOwner(BUCKET, VirtualCluster.node("a"), 17).toJson())
                .isEqualTo("{\"error\":\"NOT_OWNER\",\"bucket\":\"3f\",\"revision\":17,\"owner\":{\"node_id\":\"a\","
                        + "\"node_url\":\"https://a.example.com/\",\"local_node_url\":\"http://a.internal/\"}}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no json",
                "[]",
                "{\"error\":\"OTHER\",\"bucket\":\"3f\"}",
                "{\"error\":\"NOT_OWNER\"}",
                "{\"error\":\"NOT_OWNER\",\"bucket\":\"zz\"}",
                "{\"error\":\"NOT_OWNER\",\"bucket\":\"3f\",\"owner\":{\"node_id\":\"a\"}}"
            })
    void anythingElseIsRefusedAndShown(String text) {
        assertThatThrownBy(() -> NotOwner.fromJson(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not a refusal of a bucket");
    }
}
