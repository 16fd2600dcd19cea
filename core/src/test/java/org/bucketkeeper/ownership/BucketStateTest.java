package org.bucketkeeper.ownership;

import static org.assertj.core.api.Assertions.assertThat;

import org.bucketkeeper.bucket.Bucket;
import org.junit.jupiter.api.Test;

class BucketStateTest {

    private static final long TOKEN = 20;

    private final BucketState state = new BucketState(Bucket.of(0));

    @Test
    void aClaimThatHasEndedIsNotGoodAgainInAStoreWhoseRevisionsGoOn() {
        end(TOKEN);

        state.forgetRevisions(1_000_000);

        assertThat(state.hasEnded(TOKEN)).isTrue();
        assertThat(state.hasEnded(1_000_001)).isFalse();
    }

    @Test
    void aSmallerTokenIsGoodInAStoreWhoseRevisionsCountAnew() {
        end(TOKEN);

        state.forgetRevisions(TOKEN - 10);

        assertThat(state.hasEnded(TOKEN - 9)).isFalse();
    }

    private void end(long token) {
        state.claimed(token, 7, Phase.OWNED, 0);
        state.enter(Phase.NOT_OWNED, 1);
    }
}
