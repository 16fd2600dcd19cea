package org.bucketkeeper.monitor;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.driver.StateMachine;
import org.bucketkeeper.internal.cluster.Keyspace;
import org.bucketkeeper.internal.session.Held;
import org.bucketkeeper.store.Entry;
import org.bucketkeeper.store.Transaction;
import org.jspecify.annotations.Nullable;

/**
 * Records, while this monitor leads, who owned each bucket when: reads the record once, and from then on writes what the
 * claims show, in batches that compare the leadership. Whoever leads next goes on from what stands there; a tenure that
 * began and ended while nobody led is missed.
 *
 * <p>Of all that is tried nothing matters to the cluster: what fails is tried again later.
 */
final class TenureHistoryMachine implements StateMachine<TenureHistoryMachine.Event, TenureHistoryMachine.Action> {

    /** How many tenures of a bucket are kept. */
    static final int MOST_TENURES = 16;

    /** Small enough for etcd's limits on operations and bytes alike. */
    static final int LARGEST_BATCH = 50;

    private static final long GATHERING = Duration.ofMillis(500).toNanos();
    private static final long RETRY = Duration.ofSeconds(5).toNanos();

    private final Keyspace keys;
    private final Map<Bucket, Claim> claims = new HashMap<>();
    private final Map<Bucket, List<PastTenure>> tenures = new HashMap<>();
    private final SortedSet<Bucket> unwritten = new TreeSet<>();
    private final SortedSet<Bucket> underWay = new TreeSet<>();
    private @Nullable Held leadership;
    private boolean known;
    private boolean waitingForAnswer;
    private long seenRevision;
    private long number;
    private long nextAt;

    /** Who holds a bucket, as its claim says. */
    record Claim(String nodeId, String incarnation, long fencingToken) {}

    sealed interface Event {}

    record Elected(Held held) implements Event {}

    record Deposed() implements Event {}

    /** These claims stand now, as of a revision; null for a bucket whose claim is gone. */
    record ClaimsSeen(Map<Bucket, @Nullable Claim> changed, long revision, Instant timeOfDay) implements Event {}

    record ReadSucceeded(long number, List<Entry> entries, Instant timeOfDay) implements Event {}

    record Committed(long number) implements Event {}

    /** The read or commit with that number failed, was rejected, or got no answer. */
    record Failed(long number) implements Event {}

    sealed interface Action {}

    record Read(long number) implements Action {}

    record Commit(long number, Transaction transaction) implements Action {}

    TenureHistoryMachine(Keyspace keys) {
        this.keys = keys;
    }

    @Override
    public List<Action> onEvent(Event event, long now) {
        if (event instanceof Elected elected) {
            leadership = elected.held();
            known = false;
            waitingForAnswer = false;
            nextAt = now;
        } else if (event instanceof Deposed) {
            leadership = null;
            known = false;
            waitingForAnswer = false;
            tenures.clear();
            unwritten.clear();
            underWay.clear();
        } else if (event instanceof ClaimsSeen seen) {
            claimsSeen(seen, now);
        } else if (event instanceof ReadSucceeded read && isAwaited(read.number())) {
            waitingForAnswer = false;
            begin(read);
            nextAt = now;
        } else if (event instanceof Committed committed && isAwaited(committed.number())) {
            waitingForAnswer = false;
            underWay.clear();
            nextAt = now;
        } else if (event instanceof Failed failed && isAwaited(failed.number())) {
            waitingForAnswer = false;
            unwritten.addAll(underWay);
            underWay.clear();
            nextAt = now + RETRY;
        }
        return onTick(now);
    }

    @Override
    public List<Action> onTick(long now) {
        Held leader = leadership;
        if (leader == null || !mayAct() || nextAt - now > 0) {
            return List.of();
        }
        waitingForAnswer = true;
        number++;
        return List.of(known ? new Commit(number, batch(leader)) : new Read(number));
    }

    @Override
    public long nanosToNextTick(long now) {
        return mayAct() ? nextAt - now : NEVER;
    }

    private boolean mayAct() {
        Held leader = leadership;
        // A leader that has not seen its own election has not seen all claims either.
        return leader != null
                && seenRevision >= leader.revision()
                && !waitingForAnswer
                && (!known || !unwritten.isEmpty());
    }

    private boolean isAwaited(long answeredNumber) {
        return waitingForAnswer && answeredNumber == number;
    }

    private void claimsSeen(ClaimsSeen seen, long now) {
        boolean nothingToWrite = unwritten.isEmpty();
        seenRevision = seen.revision();
        seen.changed().forEach((bucket, claim) -> {
            if (claim == null) {
                claims.remove(bucket);
            } else {
                claims.put(bucket, claim);
            }
            if (known) {
                record(bucket, seen.timeOfDay());
            }
        });
        if (known && nothingToWrite && !unwritten.isEmpty() && !waitingForAnswer && nextAt - now <= 0) {
            // What belongs together mostly comes together.
            nextAt = now + GATHERING;
        }
    }

    private void begin(ReadSucceeded read) {
        known = true;
        for (Entry entry : read.entries()) {
            Bucket bucket = Keyspace.bucketAfter(keys.history(), entry.key());
            if (bucket != null) {
                tenures.put(bucket, readable(bucket, entry));
            }
        }
        for (int i = 0; i < Bucket.COUNT; i++) {
            record(Bucket.of(i), read.timeOfDay());
        }
    }

    private static List<PastTenure> readable(Bucket bucket, Entry entry) {
        try {
            return TenureJson.read(bucket, entry.value());
        } catch (IllegalArgumentException e) {
            return List.of();
        }
    }

    /** Brings the record of a bucket in line with its claim. */
    private void record(Bucket bucket, Instant time) {
        List<PastTenure> before = tenures.getOrDefault(bucket, List.of());
        PastTenure last = before.isEmpty() ? null : before.get(before.size() - 1);
        Claim claim = claims.get(bucket);
        boolean lasts = last != null && last.until() == null;
        boolean recorded = last != null && claim != null && claim.fencingToken() <= last.fencingToken();
        if (recorded || (!lasts && claim == null)) {
            return;
        }
        List<PastTenure> after = new ArrayList<>(before);
        if (lasts && last != null) {
            after.set(after.size() - 1, ended(last, time));
        }
        if (claim != null) {
            after.add(new PastTenure(bucket, claim.nodeId(), claim.incarnation(), claim.fencingToken(), time, null));
        }
        tenures.put(bucket, List.copyOf(after.subList(Math.max(0, after.size() - MOST_TENURES), after.size())));
        unwritten.add(bucket);
    }

    private static PastTenure ended(PastTenure tenure, Instant time) {
        return new PastTenure(
                tenure.bucket(), tenure.nodeId(), tenure.incarnation(), tenure.fencingToken(), tenure.since(), time);
    }

    private Transaction batch(Held leader) {
        Transaction.Builder batch = Transaction.builder().ifModifiedAt(keys.monitor(), leader.revision());
        Iterator<Bucket> next = unwritten.iterator();
        while (next.hasNext() && underWay.size() < LARGEST_BATCH) {
            Bucket bucket = next.next();
            batch.put(keys.history(bucket), TenureJson.write(tenures.getOrDefault(bucket, List.of())));
            underWay.add(bucket);
            next.remove();
        }
        return batch.build();
    }
}
