package org.bucketkeeper.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bucketkeeper.VirtualCluster.KEYS;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bucketkeeper.assignment.Assignment;
import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.bucket.BucketSet;
import org.bucketkeeper.internal.session.Held;
import org.bucketkeeper.monitor.CompatibleAssignmentMachine.Action;
import org.bucketkeeper.monitor.CompatibleAssignmentMachine.AssignmentSeen;
import org.bucketkeeper.monitor.CompatibleAssignmentMachine.Commit;
import org.bucketkeeper.monitor.CompatibleAssignmentMachine.Committed;
import org.bucketkeeper.monitor.CompatibleAssignmentMachine.Elected;
import org.bucketkeeper.monitor.CompatibleAssignmentMachine.Read;
import org.bucketkeeper.monitor.CompatibleAssignmentMachine.ReadSucceeded;
import org.bucketkeeper.monitor.CompatibleAssignmentMachine.WritesDoubted;
import org.bucketkeeper.store.Entry;
import org.junit.jupiter.api.Test;

/** When the keys are compared anew because the store may have lost some, and when not. */
class CompatibleAssignmentMachineTest {

    private static final long TABLE = 40;

    private final CompatibleAssignmentMachine machine = new CompatibleAssignmentMachine(KEYS, 100);
    private final Assignment table = Assignment.fromJson(everythingOn("a").toJson(), TABLE);

    @Test
    void readsNothingForATableThatItKnows() {
        leadWithAllRight();

        assertThat(on(new AssignmentSeen(table))).isEmpty();
    }

    @Test
    void readsOnceAndWritesNothingWhenTheStoreLostNothing() {
        leadWithAllRight();

        assertThat(on(new WritesDoubted())).containsExactly(new Read(2));
        assertThat(on(new ReadSucceeded(2, keys(Bucket.COUNT)))).isEmpty();
    }

    @Test
    void writesWhatTheStoreLost() {
        leadWithAllRight();
        on(new WritesDoubted());

        List<Action> actions = on(new ReadSucceeded(2, keys(Bucket.COUNT - 1)));

        assertThat(actions)
                .singleElement()
                .isInstanceOfSatisfying(
                        Commit.class,
                        commit -> assertThat(commit.transaction().toString())
                                .contains("assign-ff")
                                .doesNotContain("assign-fe"));
    }

    @Test
    void readsAnewAlsoBetweenTwoBatches() {
        on(new AssignmentSeen(table));
        on(new Elected(new Held(7, Duration.ofSeconds(10), 41)));
        Commit firstBatch = (Commit) on(new ReadSucceeded(1, List.of())).get(0);

        assertThat(on(new WritesDoubted())).hasExactlyElementsOfTypes(Read.class);
        assertThat(on(new Committed(firstBatch.number()))).isEmpty();
    }

    @Test
    void readsNothingWhileAnotherLeads() {
        on(new AssignmentSeen(table));

        assertThat(on(new WritesDoubted())).isEmpty();
    }

    private void leadWithAllRight() {
        on(new AssignmentSeen(table));
        on(new Elected(new Held(7, Duration.ofSeconds(10), 41)));
        on(new ReadSucceeded(1, keys(Bucket.COUNT)));
    }

    private List<Action> on(CompatibleAssignmentMachine.Event event) {
        return machine.onEvent(event, 0);
    }

    private static List<Entry> keys(int count) {
        List<Entry> keys = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            keys.add(new Entry(CompatibleAssignmentMachine.KEY_PREFIX + Bucket.of(i), "a", TABLE + 1, TABLE + 1, 0));
        }
        return keys;
    }

    private static Assignment everythingOn(String nodeId) {
        Map<Bucket, String> owners = new HashMap<>();
        BucketSet.ALL.forEach(bucket -> owners.put(bucket, nodeId));
        return Assignment.of(1, owners);
    }
}
