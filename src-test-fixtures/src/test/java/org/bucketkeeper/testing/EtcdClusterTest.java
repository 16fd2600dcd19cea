package org.bucketkeeper.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("once")
final class EtcdClusterTest {

    private final EtcdCluster cluster = EtcdCluster.launch();

    @AfterAll
    void close() {
        cluster.close();
    }

    @BeforeEach
    void everyMemberRuns() {
        cluster.startAll();
    }

    @Test
    void everyMemberShowsWhatOneWasTold() {
        cluster.http(0).put("/cluster/all", "value");

        assertThat(cluster.http(1).get("/cluster/all")).isEqualTo("value");
        assertThat(cluster.http(2).get("/cluster/all")).isEqualTo("value");
    }

    @Test
    void goesOnWithoutItsLeader() {
        int lost = cluster.leader();

        cluster.kill(lost);

        int next = cluster.leader();
        cluster.http(next).put("/cluster/without-leader", "value");
        assertThat(next).isNotEqualTo(lost);
        assertThat(cluster.http(next).get("/cluster/without-leader")).isEqualTo("value");
    }

    @Test
    void takesAMemberBack() {
        cluster.http(0).put("/cluster/back", "before");
        cluster.kill(2);
        cluster.http(cluster.leader()).put("/cluster/back", "after");

        cluster.start(2);

        assertThat(cluster.http(2).get("/cluster/back")).isEqualTo("after");
    }

    @Test
    void refusesToWorkWithoutAMajority() {
        int survivor = cluster.leader();
        int first = (survivor + 1) % EtcdCluster.SIZE;
        int second = (survivor + 2) % EtcdCluster.SIZE;

        cluster.kill(first);
        cluster.kill(second);

        assertThatThrownBy(() -> cluster.http(survivor).put("/cluster/alone", "value"))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void keepsItsDataThroughAPowerCut() {
        cluster.http(0).put("/cluster/power", "value");

        cluster.killAll();
        cluster.startAll();

        assertThat(cluster.http(1).get("/cluster/power")).isEqualTo("value");
    }

    @Test
    void movesItsLeaderWhenAsked() {
        int before = cluster.leader();

        int after = cluster.moveLeader();

        assertThat(after).isNotEqualTo(before);
        assertThat(cluster.leader()).isEqualTo(after);
    }
}
