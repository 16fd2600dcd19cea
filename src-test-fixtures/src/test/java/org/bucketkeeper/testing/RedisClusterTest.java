package org.bucketkeeper.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("once")
final class RedisClusterTest {

    private final RedisCluster cluster =
            RedisCluster.launch(RedisSetup.standard().password("a-password"));

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    void eachNodeServesItsKeysAndNamesTheHolderOfOthers() {
        RedisServer holder = cluster.nodeOf("{tag}key");
        RedisServer other = otherThan(holder);

        holder.command("SET", "{tag}key", "value");

        assertThat(holder.command("GET", "{tag}key")).isEqualTo("value");
        assertThat(cluster.nodeOf("{tag}another")).isSameAs(holder);
        assertThatThrownBy(() -> other.command("GET", "{tag}key"))
                .hasMessageContaining("MOVED")
                .hasMessageEndingWith(holder.endpoint());
    }

    @Test
    void everyNodeHoldsSomeKeys() {
        Set<RedisServer> holders = IntStream.range(0, 100)
                .mapToObj(number -> cluster.nodeOf("key" + number))
                .collect(Collectors.toSet());

        assertThat(holders).containsExactlyInAnyOrderElementsOf(cluster.nodes());
    }

    @Test
    void theLossOfANodeStopsTheOthersUntilItIsBack() {
        RedisServer holder = cluster.nodeOf("key");
        RedisServer lost = otherThan(holder);
        holder.command("SET", "key", "value");

        lost.kill();
        boolean refused = Waiting.until(Duration.ofSeconds(60), () -> isRefused(holder));
        lost.start();
        cluster.awaitReady();

        assertThat(refused).isTrue();
        assertThat(holder.command("GET", "key")).isEqualTo("value");
    }

    private static boolean isRefused(RedisServer holder) {
        try {
            holder.command("GET", "key");
            return false;
        } catch (IllegalStateException e) {
            assertThat(e).hasMessageContaining("CLUSTERDOWN");
            return true;
        }
    }

    @Test
    void aClusterKeepsItsDataThroughAPowerCut() {
        cluster.nodeOf("key").command("SET", "key", "value");

        cluster.nodes().forEach(RedisServer::kill);
        cluster.nodes().forEach(RedisServer::start);
        cluster.awaitReady();

        assertThat(cluster.nodeOf("key").command("GET", "key")).isEqualTo("value");
    }

    private RedisServer otherThan(RedisServer node) {
        return cluster.nodes().stream()
                .filter(each -> !each.equals(node))
                .findFirst()
                .orElseThrow();
    }
}
