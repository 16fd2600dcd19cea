package org.bucketkeeper.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.bucketkeeper.testing.Eventually.get;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.bucketkeeper.store.CommitResult;
import org.bucketkeeper.store.Entry;
import org.bucketkeeper.store.StoreException;
import org.bucketkeeper.store.Transaction;
import org.bucketkeeper.store.WatchEvent;
import org.bucketkeeper.testing.EtcdCluster;
import org.bucketkeeper.testing.Eventually;
import org.bucketkeeper.testing.WatchRecorder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A store on three members outlives any one of them. */
@Tag("once")
class EtcdClusterFaultTest {

    private static final String PREFIX = "cluster-fault/";
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(2);

    private static EtcdCluster cluster;

    private EtcdStore store;

    @BeforeAll
    static void launch() {
        cluster = EtcdCluster.launch();
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @BeforeEach
    void connect() {
        store = connect(cluster.endpoints());
    }

    @AfterEach
    void disconnect() {
        store.close();
        cluster.startAll();
    }

    @Test
    void callsGoOnWhenAMemberIsKilledAndItsWatchesEnd() {
        long from = get(store.read(PREFIX)).revision() + 1;
        List<WatchRecorder> watches =
                Stream.generate(WatchRecorder::new).limit(12).toList();
        watches.forEach(recorder -> store.watch(PREFIX, from, recorder));
        commitAgain("before");
        watches.forEach(recorder -> recorder.awaitKeys(1));

        int leader = cluster.leader();
        cluster.kill(leader);
        for (int i = 0; i < 10; i++) {
            commitAgain("after" + i);
        }

        for (WatchRecorder recorder : watches) {
            Eventually.until(
                    "the rest or the end",
                    () -> recorder.keys().size() == 11 || !recorder.ends().isEmpty());
            assertThat(recorder.ends()).hasSizeLessThanOrEqualTo(1);
        }
        assertThat(watches).anyMatch(recorder -> recorder.ends().size() == 1);
        assertThat(get(store.read(PREFIX + "after")).entries())
                .extracting(Entry::value)
                .containsOnly("v");
    }

    @Test
    void aStoreFindsTheMembersThatRunWhenOneNeverDid() {
        cluster.kill(0);
        try (EtcdStore fresh = connect(cluster.endpoints())) {
            cluster.leader();

            for (int i = 0; i < 6; i++) {
                assertThat(get(fresh.read(PREFIX)).revision()).isPositive();
            }
        }
    }

    @Test
    void aWatchOnAMemberThatLostItsClusterEnds() {
        try (EtcdStore lonely = connect(List.of(cluster.endpoints().get(0)))) {
            WatchRecorder recorder = new WatchRecorder();
            lonely.watch(PREFIX, get(lonely.read(PREFIX)).revision() + 1, recorder);
            commitAgain("first");
            recorder.awaitKeys(1);

            cluster.kill(1);
            cluster.kill(2);

            WatchEvent.Ended end = recorder.awaitEnd();
            assertThat(end.cause()).hasMessageContaining("no leader");
            assertThatExceptionOfType(StoreException.class)
                    .isThrownBy(() -> get(lonely.read(PREFIX), REQUEST_TIMEOUT.plusSeconds(2)));
        }
    }

    private static EtcdStore connect(List<String> endpoints) {
        return EtcdStore.builder()
                .endpoints(endpoints)
                .requestTimeout(REQUEST_TIMEOUT)
                .build();
    }

    /** Writes as a caller would: looks after an unknown outcome, and tries again if nothing came of it. */
    private void commitAgain(String name) {
        Transaction put = Transaction.builder().put(PREFIX + name, "v").build();
        Eventually.until("a commit", () -> get(store.commit(put)) instanceof CommitResult.Committed);
    }
}
