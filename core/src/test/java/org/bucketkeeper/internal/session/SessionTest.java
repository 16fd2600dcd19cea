package org.bucketkeeper.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionStage;
import org.bucketkeeper.VirtualCluster;
import org.bucketkeeper.driver.VirtualTime;
import org.bucketkeeper.internal.cluster.ClusterLink;
import org.bucketkeeper.store.CommitResult;
import org.bucketkeeper.store.CoordinationStore;
import org.bucketkeeper.store.KeepAliveResult;
import org.bucketkeeper.store.Lease;
import org.bucketkeeper.store.Snapshot;
import org.bucketkeeper.store.StoreException;
import org.bucketkeeper.store.Transaction;
import org.bucketkeeper.store.Watch;
import org.bucketkeeper.store.WatchEvent;
import org.bucketkeeper.store.WatchListener;
import org.bucketkeeper.store.memory.InMemoryStore;
import org.junit.jupiter.api.Test;

/** The session and the local copy of the store where they do not agree. */
class SessionTest {

    private static final String KEY = VirtualCluster.KEYS.node("a");
    private static final String OTHER_KEY = VirtualCluster.KEYS.node("b");

    private final VirtualTime time = new VirtualTime();
    private final CoordinationStore store = InMemoryStore.on(time.newLoop()).connect();
    private final Relay relay = new Relay(store);
    private final List<String> events = new ArrayList<>();

    @Test
    void asksTheStoreAgainWhenTheCopyIsOfAnotherHistoryThanClaimsAre() {
        CoordinationStore formerPrimary = InMemoryStore.on(time.newLoop()).connect();
        for (int i = 0; i < 100; i++) {
            write(formerPrimary, "k");
        }
        relay.readsFrom = formerPrimary;
        ClusterLink link = link();
        time.runDue();
        relay.readsFrom = store;
        Session session = session(link);

        session.start();
        time.advance(Duration.ofSeconds(10));

        assertThat(events).endsWith("acquired");
        assertThat(relay.grants).isLessThan(5);
    }

    @Test
    void asksForLeasesAtAMeasuredPaceWhileTheCopyIsOfAnotherHistory() {
        CoordinationStore formerPrimary = InMemoryStore.on(time.newLoop()).connect();
        for (int i = 0; i < 100; i++) {
            write(formerPrimary, "k");
        }
        relay.readsFrom = formerPrimary;
        Session session = session(link());

        session.start();
        time.advance(Duration.ofSeconds(10));

        assertThat(relay.grants).isBetween(10, 21);
    }

    @Test
    void tellsALossThatTheCopyShowedBeforeItCouldBeBelieved() {
        relay.silentAbout = KEY;
        Session session = session(link());
        time.runDue();
        relay.watchIsLate = true;
        relay.commitsAreUnanswered = true;
        relay.afterCommit = () -> {
            store.commit(Transaction.builder().put(OTHER_KEY, "1").build());
            store.commit(Transaction.builder().put(OTHER_KEY, "2").build());
        };
        session.start();
        time.runDue();
        assertThat(events).containsExactly("acquired");

        relay.deliverNext();
        time.runDue();
        assertThat(events).containsExactly("acquired");
        relay.commitsAreUnanswered = false;
        relay.watchIsLate = false;
        relay.deliverAll();
        store.commit(Transaction.builder().delete(KEY).build());
        store.commit(Transaction.builder().put(OTHER_KEY, "3").build());
        time.runDue();

        assertThat(events).contains("lost KEY_TAKEN_AWAY");
    }

    private ClusterLink link() {
        return ClusterLink.on(time.newLoop(), time.newLoop(), relay, VirtualCluster.KEYS, new SplittableRandom(1));
    }

    private Session session(ClusterLink link) {
        return new Session(
                link,
                new SessionSettings(Duration.ofSeconds(90), Duration.ofMinutes(3)),
                HeldKeys.single(KEY, lease -> "value-" + lease),
                new SessionListener() {
                    @Override
                    public void acquired(Held held) {
                        events.add("acquired");
                    }

                    @Override
                    public void lost(Held held, LossReason reason) {
                        events.add("lost " + reason);
                    }
                });
    }

    private void write(CoordinationStore to, String key) {
        to.commit(Transaction.builder().put(key, "v").build());
        time.runDue();
    }

    /** A way to the store that does not lead all requests to one place, nor all events back. */
    private static final class Relay implements CoordinationStore {

        private final CoordinationStore target;
        private final List<Runnable> held = new ArrayList<>();
        private CoordinationStore readsFrom;
        private String silentAbout = "";
        private boolean watchIsLate;
        private boolean commitsAreUnanswered;
        private Runnable afterCommit = () -> {};
        private int grants;

        Relay(CoordinationStore target) {
            this.target = target;
            this.readsFrom = target;
        }

        void deliverNext() {
            held.remove(0).run();
        }

        void deliverAll() {
            while (!held.isEmpty()) {
                deliverNext();
            }
        }

        @Override
        public CompletionStage<Snapshot> read(String prefix) {
            return readsFrom.read(prefix);
        }

        @Override
        public CompletionStage<CommitResult> commit(Transaction transaction) {
            CompletionStage<CommitResult> answer = target.commit(transaction);
            afterCommit.run();
            return commitsAreUnanswered
                    ? answer.thenApply(result -> new CommitResult.Unknown(new StoreException("no answer")))
                    : answer;
        }

        @Override
        public CompletionStage<Lease> grantLease(Duration ttl) {
            assertThat(++grants).as("leases asked for without end").isLessThan(1_000);
            return target.grantLease(ttl);
        }

        @Override
        public CompletionStage<KeepAliveResult> keepAlive(long leaseId) {
            return target.keepAlive(leaseId);
        }

        @Override
        public CompletionStage<Duration> timeToLive(long leaseId) {
            return target.timeToLive(leaseId);
        }

        @Override
        public CompletionStage<Void> revokeLease(long leaseId) {
            return target.revokeLease(leaseId);
        }

        @Override
        public Watch watch(String prefix, long fromRevision, WatchListener listener) {
            return target.watch(prefix, fromRevision, event -> {
                if (event instanceof WatchEvent.Changes changes
                        && changes.changes().stream()
                                .anyMatch(change -> change.key().equals(silentAbout))) {
                    return;
                }
                if (watchIsLate) {
                    held.add(() -> listener.onEvent(event));
                } else {
                    listener.onEvent(event);
                }
            });
        }

        @Override
        public int maxTransactionOperations() {
            return target.maxTransactionOperations();
        }

        @Override
        public void close() {
            target.close();
        }
    }
}
