package org.bucketkeeper.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bucketkeeper.testing.Eventually.get;

import io.etcd.jetcd.Client;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.bucketkeeper.store.Entry;
import org.bucketkeeper.store.Snapshot;
import org.bucketkeeper.store.Transaction;
import org.bucketkeeper.store.WatchEvent;
import org.bucketkeeper.testing.EtcdServer;
import org.bucketkeeper.testing.Eventually;
import org.bucketkeeper.testing.TcpRelay;
import org.bucketkeeper.testing.WatchRecorder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A watch on etcd never goes on over a gap: what breaks it, ends it, once. */
@Tag("once")
class EtcdWatchFaultTest {

    private static final String PREFIX = "watch-fault/";

    private static EtcdServer server;

    private TcpRelay relay;
    private EtcdStore store;
    private final WatchRecorder recorder = new WatchRecorder();

    @BeforeAll
    static void launch() {
        server = EtcdServer.builder().controllable().launch();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void connect() {
        relay = TcpRelay.to(server.endpoints().get(0));
        store = EtcdStore.builder()
                .endpoints(relay.endpoint())
                .requestTimeout(Duration.ofSeconds(2))
                .build();
        for (Entry entry : get(store.read(PREFIX)).entries()) {
            server.http().delete(entry.key());
        }
    }

    @AfterEach
    void disconnect() {
        store.close();
        relay.close();
    }

    @Test
    void aConnectionCutBeforeTheNextEventEndsTheWatchAndReadingAndWatchingAnewMissesNothing() {
        watchFromNow();

        relay.cut();
        server.http().put(PREFIX + "missed", "v");
        relay.heal();
        recorder.awaitEnd();
        Snapshot snapshot = readAgain();
        WatchRecorder anew = new WatchRecorder();
        store.watch(PREFIX, snapshot.revision() + 1, anew);
        server.http().put(PREFIX + "after", "v");
        anew.awaitKeys(1);

        assertThat(snapshot.entries()).extracting(Entry::key).contains(PREFIX + "missed");
        assertThat(anew.keys()).containsExactly(PREFIX + "after");
    }

    @Test
    void aWatchWhoseConnectionWasCutReportsItsEndOnceAndNothingAfterIt() {
        watchFromNow();

        relay.cut();
        server.http().put(PREFIX + "missed", "v");
        relay.heal();
        WatchRecorder anew = new WatchRecorder();
        store.watch(PREFIX, readAgain().revision() + 1, anew);
        for (int i = 0; i < 20; i++) {
            server.http().put(PREFIX + "after" + i, "v");
            anew.awaitKeys(i + 1);
            lookAway(Duration.ofMillis(50));
        }

        assertThat(recorder.keys()).containsExactly(PREFIX + "first");
        assertThat(recorder.ends()).hasSize(1);
        assertThat(recorder.events()).last().isInstanceOf(WatchEvent.Ended.class);
        assertThat(recorder.ends().get(0).reason()).isEqualTo(WatchEvent.Reason.DISCONNECTED);
    }

    @Test
    void aWatchWhoseStreamEndsWithoutAnErrorEnds() {
        try (EtcdStore orderly = storeOverAProxyThatEndsStreamsInAnOrderlyWay()) {
            orderly.watch(PREFIX, get(orderly.read(PREFIX)).revision() + 1, recorder);
            server.http().put(PREFIX + "first", "v");
            recorder.awaitKeys(1);

            relay.reset();

            assertThat(recorder.awaitEnd().reason()).isEqualTo(WatchEvent.Reason.DISCONNECTED);
            assertThat(recorder.ends().get(0).cause()).hasMessageContaining("the server ended the watch");
        }
    }

    @Test
    void aServerThatIsStoppedEndsTheWatchAndCallsGoOnWhenItIsBack() {
        watchFromNow();

        server.stop();
        recorder.awaitEnd();
        server.start();

        assertThat(readAgain().entries()).extracting(Entry::key).containsExactly(PREFIX + "first");
        assertThat(recorder.ends()).hasSize(1);
    }

    @Test
    void aServerThatIsKilledEndsTheWatchAndCallsGoOnWhenItIsBack() {
        watchFromNow();

        server.kill();
        recorder.awaitEnd();
        server.start();

        assertThat(readAgain().entries()).extracting(Entry::key).containsExactly(PREFIX + "first");
        assertThat(recorder.ends()).hasSize(1);
    }

    @Test
    void aConnectionThatDiesInSilenceEndsTheWatchWithinFifteenSeconds() {
        watchFromNow();

        relay.blackhole();
        long start = System.nanoTime();
        recorder.awaitEnd();

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
        assertThat(recorder.ends().get(0).cause()).hasMessageContaining("Keepalive failed");
    }

    @Test
    void aWatchThatNobodyAcceptsEndsWithinTheRequestTimeout() {
        long from = get(store.read(PREFIX)).revision() + 1;
        relay.blackhole();

        store.watch(PREFIX, from, recorder);
        long start = System.nanoTime();
        recorder.awaitEnd();

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
        relay.heal();
        server.http().put(PREFIX + "after", "v");
        readAgain();
        assertThat(recorder.events()).hasSize(1);
    }

    @Test
    void aWatchThatFellBehindACompactionEndsAsCompacted() {
        watchFromNow();

        relay.blackhole(TcpRelay.Direction.TO_CLIENT);
        writeMoreThanTheServerBuffersForAWatch();
        server.http().compact(server.http().revision());
        relay.heal();

        assertThat(recorder.awaitEnd().reason()).isEqualTo(WatchEvent.Reason.COMPACTED);
    }

    private static void writeMoreThanTheServerBuffersForAWatch() {
        String value = "x".repeat(20_000);
        try (EtcdStore direct =
                EtcdStore.builder().endpoints(server.endpoints()).build()) {
            Stream.generate(() -> Transaction.builder().put(PREFIX + "k", value).build())
                    .limit(400)
                    .map(direct::commit)
                    .toList()
                    .forEach(Eventually::get);
        }
    }

    @Test
    void aListenerThatThrowsEndsItsOwnWatchOnly() {
        AtomicInteger calls = new AtomicInteger();
        WatchRecorder seen = new WatchRecorder();
        long from = get(store.read(PREFIX)).revision() + 1;
        store.watch(PREFIX, from, event -> {
            calls.incrementAndGet();
            seen.onEvent(event);
            throw new IllegalStateException("thrown by the test");
        });
        store.watch(PREFIX, from, recorder);

        server.http().put(PREFIX + "first", "v");
        seen.awaitEnd();
        server.http().put(PREFIX + "second", "v");
        recorder.awaitKeys(2);

        assertThat(seen.keys()).containsExactly(PREFIX + "first");
        assertThat(seen.ends()).hasSize(1);
        assertThat(calls).hasValue(2);
        assertThat(recorder.ends()).isEmpty();
    }

    @Test
    void aListenerMayReadCommitAndWatchFromItsEvents() {
        WatchRecorder second = new WatchRecorder();
        long from = get(store.read(PREFIX)).revision() + 1;
        store.watch(PREFIX, from, event -> {
            store.read(PREFIX);
            store.commit(Transaction.builder()
                    .ifAbsent(PREFIX + "from-listener")
                    .put(PREFIX + "from-listener", "v")
                    .build());
            store.watch(PREFIX, from, second);
        });

        server.http().put(PREFIX + "first", "v");

        Eventually.until("the listener's write", () -> second.keys().contains(PREFIX + "from-listener"));
    }

    private void watchFromNow() {
        store.watch(PREFIX, get(store.read(PREFIX)).revision() + 1, recorder);
        server.http().put(PREFIX + "first", "v");
        recorder.awaitKeys(1);
    }

    /** Reads as a caller would: again and again until it is answered. */
    private Snapshot readAgain() {
        for (int failures = 0; ; failures++) {
            try {
                return get(store.read(PREFIX));
            } catch (RuntimeException e) {
                assertThat(failures).as("failed reads").isLessThan(20);
            }
        }
    }

    /** Gives something that must not happen the time to happen. */
    private static void lookAway(Duration duration) {
        long start = System.nanoTime();
        while (System.nanoTime() - start < duration.toNanos()) {
            Eventually.pause();
        }
    }

    /**
     * Returns a store to which every stream seems to end without an error, as a proxy between it and etcd may have it;
     * etcd itself cannot be made to.
     */
    private EtcdStore storeOverAProxyThatEndsStreamsInAnOrderlyWay() {
        Duration timeout = Duration.ofSeconds(2);
        Client client = Client.builder()
                .target(EndpointResolver.target(List.of(Endpoint.parse(relay.endpoint()))))
                // The one named last is asked first.
                .interceptors(List.of(new OrderlyEnds(), new CallRules(timeout)))
                .build();
        return new EtcdStore(
                "etcd", timeout, client, Executors.newScheduledThreadPool(1), Executors.newCachedThreadPool());
    }

    private static final class OrderlyEnds implements ClientInterceptor {

        @Override
        public <Q, R> ClientCall<Q, R> interceptCall(MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
            return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
                @Override
                public void start(Listener<R> listener, Metadata headers) {
                    super.start(new OrderlyEnd<>(listener), headers);
                }
            };
        }
    }

    private static final class OrderlyEnd<R> extends SimpleForwardingClientCallListener<R> {

        OrderlyEnd(ClientCall.Listener<R> listener) {
            super(listener);
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            super.onClose(Status.OK, trailers);
        }
    }
}
