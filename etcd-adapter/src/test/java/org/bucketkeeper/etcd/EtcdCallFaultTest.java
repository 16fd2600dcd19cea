package org.bucketkeeper.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.bucketkeeper.testing.Eventually.get;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.bucketkeeper.store.CommitResult;
import org.bucketkeeper.store.Entry;
import org.bucketkeeper.store.KeepAliveResult;
import org.bucketkeeper.store.Lease;
import org.bucketkeeper.store.StoreException;
import org.bucketkeeper.store.Transaction;
import org.bucketkeeper.testing.EtcdServer;
import org.bucketkeeper.testing.Eventually;
import org.bucketkeeper.testing.TcpRelay;
import org.bucketkeeper.testing.TcpRelay.Direction;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Calls to etcd end in time whatever the network does, and a transaction runs at most once. */
@Tag("once")
class EtcdCallFaultTest {

    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(1);
    private static final Duration BOUND = REQUEST_TIMEOUT.plusSeconds(2);
    private static final String KEY = "call-fault/k";

    private static EtcdServer server;

    private TcpRelay relay;
    private EtcdStore store;

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
        server.http().delete(KEY);
        relay = TcpRelay.to(server.endpoints().get(0));
        store = EtcdStore.builder()
                .endpoints(relay.endpoint())
                .requestTimeout(REQUEST_TIMEOUT)
                .build();
        Eventually.until("the first answer", this::canRead);
    }

    @AfterEach
    void disconnect() {
        store.close();
        relay.close();
    }

    @Test
    void aTransactionWhoseAnswerIsLateIsUnknownInTimeAndRanOnce() {
        relay.blackhole(Direction.TO_CLIENT);
        CompletionStage<CommitResult> commit = store.commit(put("v"));
        awaitValue("v");

        CommitResult result = get(commit, BOUND);
        relay.heal();

        assertThat(result).isInstanceOf(CommitResult.Unknown.class);
        assertThatKeyWasWrittenOnce();
    }

    @Test
    void aTransactionWhoseAnswerWasLostWithTheConnectionIsUnknownAndRanOnce() {
        relay.blackhole(Direction.TO_CLIENT);
        CompletionStage<CommitResult> commit = store.commit(put("v"));
        awaitValue("v");

        relay.cut();
        relay.heal();
        CommitResult result = get(commit, BOUND);

        assertThat(result).isInstanceOf(CommitResult.Unknown.class);
        assertThatKeyWasWrittenOnce();
    }

    @Test
    void everyCallOverADeadConnectionFailsWithinTheRequestTimeout() {
        Lease lease = get(store.grantLease(Duration.ofSeconds(60)));
        relay.blackhole();

        List<CompletionStage<?>> stages = List.of(
                store.read(KEY),
                store.grantLease(Duration.ofSeconds(60)),
                store.keepAlive(lease.id()),
                store.revokeLease(lease.id()));
        CompletionStage<CommitResult> commit = store.commit(put("v"));

        for (CompletionStage<?> stage : stages) {
            assertThatExceptionOfType(StoreException.class).isThrownBy(() -> get(stage, BOUND));
        }
        assertThat(get(commit, BOUND)).isInstanceOf(CommitResult.Unknown.class);
    }

    @Test
    void everyCallToAServerThatHangsFailsWithinTheRequestTimeout() {
        Lease lease = get(store.grantLease(Duration.ofSeconds(60)));
        server.pause();
        try {
            List<CompletionStage<?>> stages =
                    List.of(store.read(KEY), store.grantLease(Duration.ofSeconds(60)), store.keepAlive(lease.id()));

            for (CompletionStage<?> stage : stages) {
                assertThatExceptionOfType(StoreException.class).isThrownBy(() -> get(stage, BOUND));
            }
        } finally {
            server.resume();
        }
    }

    @Test
    void keepalivesThatGotNoAnswerLeaveNoStreamOpen() {
        Lease lease = get(store.grantLease(Duration.ofSeconds(60)));
        relay.blackhole(Direction.TO_CLIENT);
        for (int i = 0; i < 3; i++) {
            assertThatExceptionOfType(StoreException.class).isThrownBy(() -> get(store.keepAlive(lease.id()), BOUND));
        }

        // The client's word still gets through; long before the dead connection is noticed, which would end them too.
        Eventually.within(BOUND, "the end of every keepalive stream", EtcdCallFaultTest::noKeepAliveIsOpen);
        assertThat(keepAliveStreams("started")).isGreaterThanOrEqualTo(3);
    }

    @Test
    void aLeaseIsRenewedFromTheRequestOnAndThenForItsWholeTtl() {
        Lease lease = get(store.grantLease(Duration.ofSeconds(60)));

        KeepAliveResult result = get(store.keepAlive(lease.id()));

        assertThat(result).isEqualTo(new KeepAliveResult.Renewed(Duration.ofSeconds(60)));
    }

    @Test
    void aLeaseThatExpiredWhileTheConnectionWasGoneIsReportedAsExpired() {
        Lease lease = get(store.grantLease(Duration.ofSeconds(2)));
        get(store.commit(Transaction.builder().putUnder(lease.id(), KEY, "v").build()));
        relay.cut();
        assertThatExceptionOfType(StoreException.class).isThrownBy(() -> get(store.keepAlive(lease.id()), BOUND));
        Eventually.until("the lease to expire", () -> server.http().get(KEY) == null);

        relay.heal();

        assertThat(keepAliveAgain(lease)).isEqualTo(new KeepAliveResult.Expired());
    }

    @Test
    void aLeaseThatWasRevokedIsReportedAsExpiredAndCanBeRevokedAgain() {
        Lease lease = get(store.grantLease(Duration.ofSeconds(60)));
        get(store.revokeLease(lease.id()));

        get(store.revokeLease(lease.id()));

        assertThat(get(store.keepAlive(lease.id()))).isEqualTo(new KeepAliveResult.Expired());
    }

    @Test
    void aLeaseIsGrantedInWholeSecondsNoShorterThanAskedFor() {
        Lease lease = get(store.grantLease(Duration.ofMillis(30_001)));

        assertThat(lease.ttl()).isEqualTo(Duration.ofSeconds(31));
    }

    @Test
    void aPutUnderALeaseThatDoesNotExistIsUnknownAndSaysWhy() {
        CommitResult result =
                get(store.commit(Transaction.builder().putUnder(12345, KEY, "v").build()));

        assertThat(result)
                .isInstanceOfSatisfying(
                        CommitResult.Unknown.class,
                        unknown -> assertThat(unknown.cause()).hasMessageContaining("requested lease not found"));
    }

    @Test
    void aStoreThatWasAwayForAWhileIsFoundAgainWithinSecondsOfItsReturn() {
        relay.cut();
        long start = System.nanoTime();
        while (System.nanoTime() - start < Duration.ofSeconds(18).toNanos()) {
            assertThatExceptionOfType(StoreException.class).isThrownBy(() -> get(store.read(KEY)));
        }

        relay.heal();
        long healed = System.nanoTime();
        Eventually.until("an answer", this::canRead);

        assertThat(Duration.ofNanos(System.nanoTime() - healed)).isLessThan(Duration.ofSeconds(4));
    }

    @Test
    void closingFailsWhatIsUnderWayAtOnce() {
        relay.blackhole();
        CompletionStage<?> read = store.read(KEY);
        CompletionStage<CommitResult> commit = store.commit(put("v"));

        store.close();

        assertThat(read.toCompletableFuture()).isCompletedExceptionally();
        assertThat(commit.toCompletableFuture()).isCompletedWithValueMatching(CommitResult.Unknown.class::isInstance);
    }

    private static Transaction put(String value) {
        return Transaction.builder().put(KEY, value).build();
    }

    private static void awaitValue(String value) {
        Eventually.within(
                REQUEST_TIMEOUT,
                "the transaction to run",
                () -> value.equals(server.http().get(KEY)));
    }

    private void assertThatKeyWasWrittenOnce() {
        Eventually.until("an answer", this::canRead);
        Entry entry = get(store.read(KEY)).entries().get(0);
        assertThat(entry.modRevision()).isEqualTo(entry.createRevision());
    }

    private boolean canRead() {
        try {
            get(store.read(KEY));
            return true;
        } catch (StoreException e) {
            return false;
        }
    }

    private KeepAliveResult keepAliveAgain(Lease lease) {
        Eventually.until("an answer", this::canRead);
        return get(store.keepAlive(lease.id()));
    }

    private static boolean noKeepAliveIsOpen() {
        return keepAliveStreams("started") == keepAliveStreams("handled");
    }

    private static long keepAliveStreams(String state) {
        URI metrics = URI.create("http://" + server.endpoints().get(0) + "/metrics");
        try {
            return HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(metrics).build(), HttpResponse.BodyHandlers.ofLines())
                    .body()
                    .filter(line -> line.startsWith("grpc_server_" + state + "_total{"))
                    .filter(line -> line.contains("grpc_method=\"LeaseKeepAlive\""))
                    .mapToLong(line -> Long.parseLong(line.substring(line.lastIndexOf(' ') + 1)))
                    .sum();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
