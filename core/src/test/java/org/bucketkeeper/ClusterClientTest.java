package org.bucketkeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.bucketkeeper.membership.LiveNode;
import org.bucketkeeper.membership.NodeListener;
import org.bucketkeeper.store.memory.InMemoryStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A process that is no server, with real threads and real time. */
class ClusterClientTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final InMemoryStore store = InMemoryStore.create();

    @AfterEach
    void closeStore() {
        store.close();
    }

    @Test
    void itsRegistryFollowsWhoIsInTheCluster() throws Exception {
        CountDownLatch joined = new CountDownLatch(1);
        try (ClusterClient client = ClusterClient.connect(store.connect())) {
            client.registry().addListener(new NodeListener() {
                @Override
                public void joined(LiveNode node) {
                    joined.countDown();
                }
            });

            try (ClusterServer server = ClusterServer.builder(store.connect())
                    .node(VirtualCluster.node("a"))
                    .start()) {
                LiveNode self = server.awaitRegistered(PATIENCE);

                assertThat(joined.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
                assertThat(client.registry().node("a")).isEqualTo(self);
            }
        }
    }

    @Test
    void itsRegistryRegistersNobody() {
        try (ClusterClient client = ClusterClient.connect(store.connect())) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> client.registry().register(VirtualCluster.node("a")))
                    .withMessageContaining("only follows");
        }
    }
}
