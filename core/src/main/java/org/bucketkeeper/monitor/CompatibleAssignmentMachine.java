package org.bucketkeeper.monitor;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bucketkeeper.assignment.Assignment;
import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.driver.StateMachine;
import org.bucketkeeper.internal.cluster.Keyspace;
import org.bucketkeeper.internal.session.Held;
import org.bucketkeeper.store.Entry;
import org.bucketkeeper.store.Transaction;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the keys {@code assign-00} to {@code assign-ff}, which SeaTable's programs read, in step with the table, while
 * this monitor leads: reads them, and writes what differs in batches. Each batch compares the leadership and the table,
 * so a monitor that was deposed, or works from an old table, writes nothing. After a change of leader, when the store
 * may have lost some of them, and from time to time, everything is compared anew, so a half-written set does not last.
 */
final class CompatibleAssignmentMachine
        implements StateMachine<CompatibleAssignmentMachine.Event, CompatibleAssignmentMachine.Action> {

    static final String KEY_PREFIX = "assign-";

    /** Leaves room under the 128 operations that etcd takes in one transaction by default. */
    static final int LARGEST_BATCH = 100;

    private static final long RETRY = Duration.ofSeconds(1).toNanos();
    private static final long VERIFY_INTERVAL = Duration.ofMinutes(5).toNanos();

    private final Keyspace keys;
    private final int batchSize;

    private @Nullable Held leadership;
    private Assignment assignment = Assignment.unassigned();
    private final Deque<Transaction> batches = new ArrayDeque<>();
    private boolean waitingForAnswer;
    private long number;
    private int written;
    private long nextReadAt;
    private boolean readWanted;

    sealed interface Event {}

    record Elected(Held held) implements Event {}

    record Deposed() implements Event {}

    record AssignmentSeen(Assignment assignment) implements Event {}

    /** The store may lack what was written. */
    record WritesDoubted() implements Event {}

    record ReadSucceeded(long number, List<Entry> entries) implements Event {}

    record Committed(long number) implements Event {}

    /** The read or commit with that number failed, was rejected, or got no answer. */
    record Failed(long number) implements Event {}

    sealed interface Action {}

    record Read(long number) implements Action {}

    record Commit(long number, Transaction transaction) implements Action {}

    record TellReconciled(long revision, int written) implements Action {}

    CompatibleAssignmentMachine(Keyspace keys, int batchSize) {
        this.keys = keys;
        this.batchSize = batchSize;
    }

    @Override
    public List<Action> onEvent(Event event, long now) {
        List<Action> actions = new ArrayList<>();
        if (event instanceof Elected elected) {
            leadership = elected.held();
            startOver(now);
        } else if (event instanceof Deposed) {
            leadership = null;
            batches.clear();
            waitingForAnswer = false;
        } else if (event instanceof AssignmentSeen seen) {
            if (seen.assignment().revision() != assignment.revision()) {
                assignment = seen.assignment();
                startOver(now);
            }
        } else if (event instanceof WritesDoubted) {
            startOver(now);
        } else if (event instanceof ReadSucceeded read) {
            if (isAwaited(read.number())) {
                planBatches(read.entries());
                next(now, actions);
            }
        } else if (event instanceof Committed committed) {
            if (isAwaited(committed.number())) {
                batches.remove();
                next(now, actions);
            }
        } else if (event instanceof Failed failed) {
            if (isAwaited(failed.number())) {
                waitingForAnswer = false;
                batches.clear();
                readAt(now + RETRY);
            }
        }
        actions.addAll(onTick(now));
        return actions;
    }

    @Override
    public List<Action> onTick(long now) {
        if (!mayRead() || nextReadAt - now > 0) {
            return List.of();
        }
        readWanted = false;
        waitingForAnswer = true;
        number++;
        return List.of(new Read(number));
    }

    @Override
    public long nanosToNextTick(long now) {
        return mayRead() ? nextReadAt - now : NEVER;
    }

    private boolean mayRead() {
        return leadership != null && readWanted && !waitingForAnswer && assignment.revision() > 0;
    }

    private boolean isAwaited(long answeredNumber) {
        return waitingForAnswer && answeredNumber == number;
    }

    private void startOver(long now) {
        batches.clear();
        waitingForAnswer = false;
        written = 0;
        readAt(now);
    }

    private void readAt(long time) {
        readWanted = true;
        nextReadAt = time;
    }

    private void planBatches(List<Entry> entries) {
        Held leader = leadership;
        if (leader == null) {
            return;
        }
        Map<String, String> standing = new HashMap<>();
        entries.forEach(entry -> standing.put(entry.key(), entry.value()));
        batches.clear();
        Transaction.Builder batch = guardedBatch(leader);
        int inBatch = 0;
        written = 0;
        for (int i = 0; i < Bucket.COUNT; i++) {
            Bucket bucket = Bucket.of(i);
            String key = KEY_PREFIX + bucket;
            String wanted = assignment.nodeOf(bucket);
            String found = standing.get(key);
            if (wanted == null ? found == null : wanted.equals(found)) {
                continue;
            }
            if (wanted == null) {
                batch.delete(key);
            } else {
                batch.put(key, wanted);
            }
            written++;
            inBatch++;
            if (inBatch == batchSize) {
                batches.add(batch.build());
                batch = guardedBatch(leader);
                inBatch = 0;
            }
        }
        if (inBatch > 0) {
            batches.add(batch.build());
        }
    }

    private Transaction.Builder guardedBatch(Held leader) {
        return Transaction.builder()
                .ifModifiedAt(keys.monitor(), leader.revision())
                .ifModifiedAt(keys.assignment(), assignment.revision());
    }

    private void next(long now, List<Action> actions) {
        Transaction batch = batches.peek();
        if (batch != null) {
            number++;
            waitingForAnswer = true;
            actions.add(new Commit(number, batch));
            return;
        }
        waitingForAnswer = false;
        if (written > 0) {
            actions.add(new TellReconciled(assignment.revision(), written));
        }
        readAt(now + VERIFY_INTERVAL);
    }
}
