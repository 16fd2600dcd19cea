package org.bucketkeeper.ownership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bucketkeeper.VirtualCluster.KEYS;

import java.time.Duration;
import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.bucket.BucketSet;
import org.bucketkeeper.internal.mirror.MirrorUpdate;
import org.bucketkeeper.internal.session.Held;
import org.bucketkeeper.store.Entry;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What only the machine itself can be asked: its view of time. */
class OwnershipMachineTest {

    private final OwnershipMachine machine = new OwnershipMachine("a", KEYS, OwnershipSettings.DEFAULT, 128);

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, -1, 0, 1, Long.MAX_VALUE})
    void claimsAtOnceWhereverTheClockBegins(long now) {
        machine.onEvent(new OwnershipEvent.SessionHeld(new Held(7, Duration.ofSeconds(90), 2)), now);

        assertThat(machine.onEvent(new OwnershipEvent.ClusterSeen(everythingAssigned()), now))
                .hasAtLeastOneElementOfType(OwnershipAction.Commit.class);
    }

    private static ClusterView everythingAssigned() {
        return new ClusterView(
                3,
                BucketSet.ALL,
                BucketSet.EMPTY,
                3,
                new Entry[Bucket.COUNT],
                new long[Bucket.COUNT],
                false,
                MirrorUpdate.History.CONTINUED);
    }
}
