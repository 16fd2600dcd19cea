package org.bucketkeeper.etcd;

import java.time.Duration;
import org.bucketkeeper.store.CoordinationStore;
import org.bucketkeeper.testing.CoordinationStoreConformance;
import org.bucketkeeper.testing.EtcdCluster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;

/** The store contract on three etcd members, of which the leader crashes and comes back in the middle. */
@Tag("once")
class EtcdClusterConformanceTest extends CoordinationStoreConformance {

    private static final int TESTS_BEFORE_CRASH = 20;
    private static final int TESTS_BEFORE_RETURN = 70;

    private static EtcdCluster cluster;
    private static int testsBegun;
    private static int crashed;

    @BeforeAll
    static void launch() {
        cluster = EtcdCluster.launch();
        testsBegun = 0;
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @BeforeEach
    void crashOrReturn() {
        testsBegun++;
        if (testsBegun == TESTS_BEFORE_CRASH) {
            crashed = cluster.leader();
            cluster.kill(crashed);
            // The rest has to agree on a new one before the contract can be asked of it.
            cluster.leader();
        } else if (testsBegun == TESTS_BEFORE_RETURN) {
            cluster.start(crashed);
        }
    }

    @Override
    protected CoordinationStore openClient() {
        return EtcdStore.builder().endpoints(cluster.endpoints()).build();
    }

    /** A watch may be served by any member, and a linearizable read shows that one has come as far as the compaction. */
    @Override
    protected void compact(long revision) {
        cluster.http(cluster.leader()).compact(revision);
        for (int member = 0; member < EtcdCluster.SIZE; member++) {
            if (cluster.http(member).isHealthy()) {
                cluster.http(member).revision();
            }
        }
    }

    /** etcd grants no lease shorter than one and a half times its election timeout, which is 1 s by default. */
    @Override
    protected Duration shortestTtl() {
        return Duration.ofSeconds(2);
    }
}
