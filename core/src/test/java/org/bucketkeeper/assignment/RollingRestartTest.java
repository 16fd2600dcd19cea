package org.bucketkeeper.assignment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bucketkeeper.bucket.Bucket;
import org.junit.jupiter.api.Test;

/**
 * All servers are restarted one after the other, from an even start, and KEEP plans at each step as the monitor does.
 *
 * <p>No policy can do with fewer moves than are asked for here: every bucket has to leave the server that it is on, and
 * those of the server that is restarted first can only go to servers that will be restarted as well, unless there is a
 * spare one.
 */
class RollingRestartTest {

    private static final int[] MORE_THAN_64 = {100, 127, 128, 129, 200, 250, 255, 256};

    /** In which order the servers are restarted; ties between servers are broken by name, so it must not matter. */
    private enum Order {
        BY_NAME,
        BY_NAME_BACKWARDS,
        RANDOM
    }

    /** How a server goes: in an orderly way, or so that its lease expires. */
    private enum Departure {
        DRAINED,
        KILLED
    }

    /** All the ways in which the servers of a cluster are restarted here. */
    private record Restart(int servers, Order order, Departure departure) {

        static List<Restart> all() {
            return IntStream.concat(IntStream.rangeClosed(2, 64), IntStream.of(MORE_THAN_64))
                    .boxed()
                    .flatMap(servers -> Stream.of(Order.values())
                            .flatMap(order -> Stream.of(Departure.values())
                                    .map(departure -> new Restart(servers, order, departure))))
                    .toList();
        }
    }

    @Test
    void withoutASpareServerOnlyTheBucketsOfTheFirstOneMoveTwice() {
        for (Restart restart : Restart.all()) {
            Run run = new Run(restart.servers());
            List<String> order = run.inOrder(restart.order());
            int[] twiceForTheFirst = new int[Bucket.COUNT];
            Arrays.fill(twiceForTheFirst, 1);
            run.table.bucketsOf(order.get(0)).forEach(bucket -> twiceForTheFirst[bucket.index()] = 2);

            order.forEach(server -> run.restart(server, restart.departure()));

            assertThat(run.moves).as("%s", restart).isEqualTo(twiceForTheFirst);
            assertThat(run.total()).as("%s", restart).isLessThanOrEqualTo(256 + ceil(256, restart.servers()));
        }
    }

    @Test
    void withASpareServerEachBucketMovesOnce() {
        for (Restart restart : Restart.all()) {
            Run run = new Run(restart.servers());
            List<String> order = run.inOrder(restart.order());
            run.start("spare");

            order.forEach(server -> run.restart(server, restart.departure()));

            assertThat(run.moves).as("%s", restart).containsOnly(1);
        }
    }

    private static int ceil(int dividend, int divisor) {
        return (dividend + divisor - 1) / divisor;
    }

    /** A cluster whose assignment follows each plan, and who counts the moves. */
    private static final class Run {

        private final int[] moves = new int[Bucket.COUNT];
        private final List<String> up = new ArrayList<>();
        private Assignment table = Assignment.unassigned();

        /** Begins with all buckets shared evenly, as the first assignment does. */
        Run(int servers) {
            for (int i = 0; i < servers; i++) {
                up.add(String.format(Locale.ROOT, "server-%03d", i));
            }
            table = Rebalancer.plan(table, capacities(up), Policy.DEFAULT, RebalanceMode.BALANCE)
                    .target();
        }

        List<String> inOrder(Order order) {
            List<String> servers = new ArrayList<>(up);
            switch (order) {
                case BY_NAME -> {}
                case BY_NAME_BACKWARDS -> Collections.reverse(servers);
                case RANDOM -> Collections.shuffle(servers, new Random(servers.size()));
            }
            return servers;
        }

        void restart(String server, Departure departure) {
            if (departure == Departure.DRAINED) {
                plan(Policy.DEFAULT.drain(server));
            }
            up.remove(server);
            plan(Policy.DEFAULT);
            assertNobodyAboveItsFairShare(server);
            Assignment before = table;
            start(server);
            assertThat(table).as("the table when %s is back", server).isSameAs(before);
        }

        void start(String server) {
            up.add(server);
            plan(Policy.DEFAULT);
        }

        int total() {
            return IntStream.of(moves).sum();
        }

        private void plan(Policy policy) {
            RebalancePlan plan = Rebalancer.plan(table, capacities(up), policy, RebalanceMode.KEEP);
            assertThat(plan.total()).isEqualTo(plan.lowerBound());
            plan.moves().forEach(move -> moves[move.bucket().index()]++);
            table = plan.target();
        }

        private void assertNobodyAboveItsFairShare(String gone) {
            assertThat(up.stream().mapToInt(table::count).max().orElse(0))
                    .as("the most buckets of a server without %s of %d", gone, up.size() + 1)
                    .isLessThanOrEqualTo(ceil(Bucket.COUNT, up.size()));
        }

        private static List<NodeCapacity> capacities(List<String> servers) {
            return servers.stream().map(server -> new NodeCapacity(server, 100)).toList();
        }
    }
}
