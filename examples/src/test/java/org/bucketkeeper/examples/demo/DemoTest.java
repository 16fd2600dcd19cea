package org.bucketkeeper.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.bucketkeeper.store.CoordinationStore;
import org.bucketkeeper.store.Transaction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("once")
class DemoTest {

    private static final String PREFIX = "/bucketkeeper/demo-test/";

    private final StringWriter output = new StringWriter();
    private final Backend backend = Backend.inMemory();

    @AfterEach
    void closeBackend() {
        backend.close();
    }

    @Test
    void endsWellAndFitsTheTerminal() throws Exception {
        boolean well = play(4);

        assertThat(well).as(output.toString()).isTrue();
        assertThat(output.toString())
                .contains("1. Cold start", "2. A node dies", "3. A node leaves", "4. A node joins", "5. Rebalance")
                .contains("before anything happens: 85 moves, lower bound 85")
                .doesNotContain("OFF");
        assertThat(output.toString().lines()).allMatch(line -> line.length() <= 80);
    }

    @Test
    void endsWellWithTheFewestNodes() throws Exception {
        boolean well = play(3);

        assertThat(well).as(output.toString()).isTrue();
    }

    @Test
    void endsWellWithTheMostNodes() throws Exception {
        boolean well = play(16);

        assertThat(well).as(output.toString()).isTrue();
        assertThat(output.toString().lines()).allMatch(line -> line.length() <= 80);
    }

    @Test
    void leavesNothingBehind() throws Exception {
        try (DemoCluster cluster = DemoCluster.open(backend, PREFIX)) {
            cluster.startMonitor();
            cluster.start(Tables.nodes(1));
        }

        try (CoordinationStore store = backend.connect("test")) {
            assertThat(store.read("").toCompletableFuture().get().entries()).isEmpty();
        }
    }

    /** Somebody else's table stands there already, with one bucket too many on a node. */
    @Test
    void seesThatSomethingIsOff() throws Exception {
        try (CoordinationStore rogue = backend.connect("rogue")) {
            List<String> nodes = Tables.nodes(3);
            String foreign = Tables.with(Tables.dealtTo(nodes), 1, nodes.get(0)).toJson();
            rogue.commit(Transaction.builder()
                            .put(PREFIX + "assignment", foreign)
                            .build())
                    .toCompletableFuture()
                    .get();
        }

        boolean well = play(3);

        assertThat(well).isFalse();
        assertThat(output.toString())
                .contains("  OFF the table was written once", "  OFF each of the 3 nodes has 85 or 86 buckets");
    }

    private boolean play(int nodes) throws InterruptedException {
        try (DemoCluster cluster = DemoCluster.open(backend, PREFIX)) {
            return new Demo(cluster, new DemoScreen(new PrintWriter(output), Paint.PLAIN), nodes).play();
        }
    }
}
