package org.bucketkeeper.examples.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.bucketkeeper.assignment.Assignment;
import org.bucketkeeper.assignment.NodeCapacity;
import org.bucketkeeper.assignment.Policy;
import org.bucketkeeper.assignment.RebalanceMode;
import org.bucketkeeper.assignment.RebalancePlan;
import org.bucketkeeper.assignment.Rebalancer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Planning for 256 buckets that were evenly spread before one node came or went. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class RebalanceBenchmark {

    /** What happens to the cluster. */
    public enum Event {
        /** One node more. */
        JOIN,
        /** One node less. */
        LEAVE
    }

    /** The number of nodes before the event. */
    @Param({"3", "10", "100", "250"})
    public int nodes = 3;

    /** What happens to the cluster. */
    @Param
    public Event event = Event.JOIN;

    /** What the plan aims for. */
    @Param
    public RebalanceMode mode = RebalanceMode.KEEP;

    private Assignment table = Assignment.unassigned();
    private List<NodeCapacity> live = List.of();

    /** Spreads the buckets over the nodes, and then lets the event happen. */
    @Setup(Level.Trial)
    public void spread() {
        table = Rebalancer.plan(Assignment.unassigned(), capacities(nodes), Policy.DEFAULT, RebalanceMode.BALANCE)
                .target();
        live = capacities(event == Event.JOIN ? nodes + 1 : nodes - 1);
    }

    private static List<NodeCapacity> capacities(int count) {
        List<NodeCapacity> capacities = new ArrayList<>();
        for (int number = 1; number <= count; number++) {
            capacities.add(new NodeCapacity(String.format(Locale.ROOT, "dtable-server-%03d", number), 100));
        }
        return capacities;
    }

    /** Plans from scratch, as the monitor does when it hears of the event. */
    @Benchmark
    public RebalancePlan plan() {
        return Rebalancer.plan(table, live, Policy.DEFAULT, mode);
    }
}
