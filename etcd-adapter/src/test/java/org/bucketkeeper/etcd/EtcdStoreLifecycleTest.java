package org.bucketkeeper.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.bucketkeeper.testing.Eventually.get;

import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import org.bucketkeeper.store.CommitResult;
import org.bucketkeeper.store.Lease;
import org.bucketkeeper.store.StoreException;
import org.bucketkeeper.store.Transaction;
import org.bucketkeeper.store.WatchEvent;
import org.bucketkeeper.testing.EtcdServer;
import org.bucketkeeper.testing.Eventually;
import org.bucketkeeper.testing.WatchRecorder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** A store costs nothing before its first call and nothing after its close, and says why it cannot be reached. */
@Isolated("looks at the threads of the whole JVM")
class EtcdStoreLifecycleTest {

    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(1);
    private static final Duration BOUND = REQUEST_TIMEOUT.plusSeconds(2);

    @Test
    void allThreadsAreDaemonsAndEndWithTheStore() {
        awaitNoThreads();
        Set<Thread> before = threads();
        try (EtcdServer server = EtcdServer.launch()) {
            EtcdStore store = EtcdStore.builder().endpoints(server.endpoints()).build();
            WatchRecorder recorder = new WatchRecorder();
            store.watch("threads/", get(store.read("threads/")).revision() + 1, recorder);
            Lease lease = get(store.grantLease(Duration.ofSeconds(60)));
            get(store.keepAlive(lease.id()));
            get(store.commit(Transaction.builder().put("threads/k", "v").build()));
            recorder.awaitKeys(1);

            assertThat(storeThreads()).isNotEmpty().allMatch(Thread::isDaemon);

            store.close();
            awaitNoThreads();
        }
        // Netty's globalEventExecutor, which sees to the end of the others, is none, but ends by itself.
        Eventually.until(
                "the end of other threads",
                () -> threads().stream()
                        .filter(thread -> !before.contains(thread))
                        .allMatch(Thread::isDaemon));
    }

    @Test
    void aStoreThatWasNeverUsedIsClosed() {
        EtcdStore store = EtcdStore.connect("no-such-host.invalid:2379");

        store.close();
        store.close();

        awaitNoThreads();
    }

    @Test
    void aHostThatIsNotKnownIsNamedInTime() {
        try (EtcdStore store = store("no-such-host.invalid:2379")) {
            assertThatExceptionOfType(StoreException.class)
                    .isThrownBy(() -> get(store.read("k"), BOUND))
                    .withMessageContaining("unknown host: no-such-host.invalid");
        }
    }

    @Test
    void aServerThatDoesNotRunIsNamedInTime() throws IOException {
        String endpoint = "127.0.0.1:" + closedPort();
        try (EtcdStore store = store(endpoint)) {
            WatchRecorder recorder = new WatchRecorder();
            store.watch("k", 1, recorder);

            assertThatExceptionOfType(StoreException.class)
                    .isThrownBy(() -> get(store.read("k"), BOUND))
                    .withMessageContaining(endpoint)
                    .withMessageContaining("Connection refused");
            assertThat(get(store.commit(Transaction.builder().put("k", "v").build()), BOUND))
                    .isInstanceOf(CommitResult.Unknown.class);
            assertThat(recorder.awaitEnd().reason()).isEqualTo(WatchEvent.Reason.DISCONNECTED);
        }
    }

    @Test
    void aHostNameWillDoAndOneThatIsNotKnownDoesNoHarmBesideIt() {
        try (EtcdServer server = EtcdServer.launch();
                EtcdStore store = EtcdStore.connect(
                        "no-such-host.invalid:2379", server.endpoints().get(0).replace("127.0.0.1", "localhost"))) {
            for (int i = 0; i < 5; i++) {
                assertThat(get(store.read("k")).revision()).isPositive();
            }
        }
    }

    @Test
    void aServerThatIsStartedLaterIsFound() {
        try (EtcdServer server = EtcdServer.builder().controllable().launch();
                EtcdStore store = store(server.endpoints().get(0))) {
            server.kill();
            assertThatExceptionOfType(StoreException.class).isThrownBy(() -> get(store.read("k"), BOUND));

            server.start();

            Eventually.within(Duration.ofSeconds(5), "an answer", () -> answers(store));
        }
    }

    @Test
    void aWatchOfAClosedStoreEndsAtOnce() {
        EtcdStore store = EtcdStore.connect("no-such-host.invalid:2379");
        store.close();
        WatchRecorder recorder = new WatchRecorder();

        store.watch("k", 1, recorder).close();

        assertThat(recorder.ends()).hasSize(1);
        assertThat(recorder.ends().get(0).cause()).hasMessageContaining("is closed");
    }

    @Test
    void theIdentityStaysWithTheServer() {
        try (EtcdServer server = EtcdServer.builder().controllable().launch();
                EtcdStore store =
                        EtcdStore.builder().endpoints(server.endpoints()).build()) {
            String identity = get(store.read("k")).storeIdentity();

            server.kill();
            server.start();
            Eventually.until("an answer", () -> answers(store));

            assertThat(identity).matches("[0-9a-f]+");
            assertThat(get(store.read("k")).storeIdentity()).isEqualTo(identity);
        }
    }

    private static EtcdStore store(String endpoint) {
        return EtcdStore.builder()
                .endpoints(endpoint)
                .requestTimeout(REQUEST_TIMEOUT)
                .build();
    }

    private static boolean answers(EtcdStore store) {
        try {
            get(store.read("k"));
            return true;
        } catch (StoreException e) {
            return false;
        }
    }

    private static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /** gRPC lets go of the threads that its channels share about a second after the last one. */
    private static void awaitNoThreads() {
        Eventually.until("the end of the store's threads", () -> storeThreads().isEmpty());
    }

    private static Set<Thread> storeThreads() {
        return threads().stream()
                .filter(thread -> thread.getName().matches("(bucketkeeper-etcd|jetcd|vert\\.x|grpc-).*"))
                .collect(Collectors.toSet());
    }

    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet();
    }
}
