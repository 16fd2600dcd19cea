package org.bucketkeeper.examples.benchmarks;

import java.io.PrintWriter;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.bucket.BucketSet;
import org.bucketkeeper.etcd.EtcdStore;
import org.bucketkeeper.examples.EtcdOption;
import org.bucketkeeper.examples.RedisOption;
import org.bucketkeeper.examples.benchmarks.JmhRun.Effort;
import org.bucketkeeper.examples.benchmarks.JmhRun.Median;
import org.bucketkeeper.examples.benchmarks.RedisFigures.Length;
import org.bucketkeeper.store.CoordinationStore;
import org.bucketkeeper.store.memory.InMemoryStore;
import org.openjdk.jmh.runner.RunnerException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Measures, and prints each figure beside the floor that was measured in the same run. */
@Command(
        name = "benchmark",
        description = {
            "Measures what routing and planning cost, each beside the least that it could cost.",
            "",
            "The groups: route (looking a base up, by UUID and by text), rebalance (planning for 256 buckets), commit"
                    + " (from the commit of a table until a router has it), guard (entering and leaving an owned bucket),"
                    + " handover (from the commit of a table until the new owner gives out guards; needs --etcd),"
                    + " fanout (from the commit of a table until the last of many routers has it; needs --etcd),"
                    + " failover (from the kill of a server until others serve its buckets; needs --etcd),"
                    + " footprint (heap and threads of one more router or server; needs --etcd), idle (what a cluster in"
                    + " which nothing happens asks of etcd; needs --etcd, takes a quarter of an hour), redis (the"
                    + " adapter beside bare commands; needs --redis). All of them take about three quarters of an hour. Needs a quiet machine."
        })
public final class BenchmarkCommand implements Callable<Integer> {

    private static final String ROUTE = "route";
    private static final String REBALANCE = "rebalance";
    private static final String COMMIT = "commit";
    private static final String GUARD = "guard";
    private static final String HAND_OVER = "handover";
    private static final String FAN_OUT = "fanout";
    private static final String FAIL_OVER = "failover";
    private static final String IDLE = "idle";
    private static final String FOOTPRINT = "footprint";
    private static final String REDIS = "redis";
    private static final List<String> GROUPS =
            List.of(ROUTE, REBALANCE, COMMIT, GUARD, HAND_OVER, FAN_OUT, FAIL_OVER, FOOTPRINT, IDLE, REDIS);

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(
            arity = "0..1",
            paramLabel = "NAME-PATTERN",
            description = "Run only the groups in whose name this regular expression is found.",
            defaultValue = "")
    private Pattern pattern = Pattern.compile("");

    @Mixin
    private EtcdOption etcd = new EtcdOption();

    @Mixin
    private RedisOption redis = new RedisOption();

    @Option(
            names = "--quick",
            description = "Make one short round only, to see that everything runs; its figures mean nothing.")
    private boolean quick;

    @Override
    public Integer call() throws RunnerException, InterruptedException, TimeoutException {
        List<String> chosen =
                GROUPS.stream().filter(group -> pattern.matcher(group).find()).toList();
        if (chosen.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "No group of benchmarks matches \"" + pattern + "\"; there are " + String.join(", ", GROUPS));
        }
        if (quick) {
            // Whoever measures at the same time would spoil the figures, and these mean nothing.
            System.setProperty("jmh.ignoreLock", "true");
        }
        print("Java " + System.getProperty("java.vm.version") + ", "
                + Runtime.getRuntime().availableProcessors() + " processors, " + System.getProperty("os.arch"));
        print(FigureTable.header());
        for (String group : chosen) {
            switch (group) {
                case ROUTE -> route();
                case REBALANCE -> rebalance();
                case GUARD -> guard();
                case HAND_OVER -> handOver();
                case FAN_OUT -> fanOut();
                case FAIL_OVER -> failOver();
                case FOOTPRINT -> footprint();
                case IDLE -> idle();
                case REDIS -> redis();
                default -> commit();
            }
        }
        return CommandLine.ExitCode.OK;
    }

    private void route() throws RunnerException {
        for (int threads = 1; threads <= 2; threads++) {
            Map<String, Median> medians = run(RouteBenchmark.class, threads);
            String suffix = ", " + threads + (threads == 1 ? " thread" : " threads");
            print(beside("route(UUID)" + suffix, medians, "uuid", "uuidFloor"));
            print(beside("route(String)" + suffix, medians, "text", "textFloor"));
            print(beside("validation of a String alone" + suffix, medians, "validation", "textFloor"));
        }
    }

    private static Figure beside(String name, Map<String, Median> medians, String subject, String floor) {
        Median measured = medians.get(subject);
        Median least = medians.get(floor);
        if (measured == null || least == null) {
            throw new IllegalStateException("JMH measured " + medians.keySet() + " and not " + subject + ", " + floor);
        }
        return new Figure(name, measured.score(), least.score(), "ns", measured.bytesPerOperation());
    }

    private void rebalance() throws RunnerException {
        run(RebalanceBenchmark.class, 1)
                .forEach((name, median) ->
                        print(new Figure(name, median.score(), null, "us", median.bytesPerOperation())));
    }

    private Map<String, Median> run(Class<?> benchmarks, int threads) throws RunnerException {
        return new JmhRun(quick ? new Effort(1, 1, 100) : new Effort(3, 4, 500)).run(benchmarks, threads);
    }

    private void commit() throws InterruptedException, TimeoutException {
        try (InMemoryStore store = InMemoryStore.create()) {
            commit("embedded", store::connect, 5000);
        }
        List<String> endpoints = etcd.endpoints();
        if (endpoints.isEmpty()) {
            print("commit to routed on etcd: left out, since --etcd does not name one");
        } else {
            commit("etcd", () -> EtcdStore.builder().endpoints(endpoints).build(), 3000);
        }
    }

    private void commit(String storeName, Supplier<? extends CoordinationStore> connections, int samples)
            throws InterruptedException, TimeoutException {
        try (CommitLatency latency = new CommitLatency(connections, newPrefix())) {
            CommitLatency.Times times = latency.measure(quick ? 10 : samples / 2, quick ? 100 : samples);
            Percentiles routed = times.routed();
            Percentiles watched = times.watched();
            print(micros("commit to routed, " + storeName + ", p50", routed.median(), watched.median()));
            print(micros("commit to routed, " + storeName + ", p99", routed.p99(), watched.p99()));
        }
    }

    private void guard() throws RunnerException {
        for (int threads = 1; threads <= 2; threads++) {
            Map<String, Median> medians = run(GuardBenchmark.class, threads);
            String suffix = ", " + threads + (threads == 1 ? " thread" : " threads");
            print(beside("enter and close" + suffix, medians, "enterAndClose", "floor"));
            print(beside("enter, isValid and close" + suffix, medians, "enterCheckAndClose", "floor"));
        }
    }

    private void handOver() throws InterruptedException, TimeoutException {
        List<String> endpoints = etcd.endpoints();
        if (endpoints.isEmpty()) {
            print("hand-over on etcd: left out, since --etcd does not name one");
            return;
        }
        try (HandOverLatency latency = new HandOverLatency(endpoints, newPrefix())) {
            HandOverLatency.Times one =
                    latency.measure(BucketSet.of(Bucket.of(0)), quick ? 10 : 500, quick ? 50 : 1000);
            long single = one.handedOver().median();
            print(micros("hand-over of 1 bucket, etcd, p50", single, one.puts().median()));
            print(micros(
                    "hand-over of 1 bucket, etcd, p99",
                    one.handedOver().p99(),
                    one.puts().p99()));
            BucketSet half = BucketSet.EMPTY;
            for (int i = 0; i < Bucket.COUNT; i += 2) {
                half = half.with(Bucket.of(i));
            }
            HandOverLatency.Times many = latency.measure(half, quick ? 4 : 100, quick ? 10 : 200);
            print(micros("128 at once beside 1, etcd, p50", many.handedOver().median(), single));
        }
    }

    private void fanOut() throws InterruptedException, TimeoutException {
        List<String> endpoints = etcd.endpoints();
        if (endpoints.isEmpty()) {
            print("fan-out on etcd: left out, since --etcd does not name one");
            return;
        }
        String endpoint = endpoints.get(0);
        for (int routers : quick ? new int[] {10} : new int[] {10, 100, 1000}) {
            int processes = routers > 100 ? 4 : 2;
            try (FanOut fanOut = new FanOut(endpoint, newPrefix(), processes)) {
                CommitLatency.Times times = fanOut.measure(endpoint, routers, quick ? 10 : 200, quick ? 20 : 300);
                String name = "commit to all of " + routers + " routed, etcd, ";
                print(micros(
                        name + "p50", times.routed().median(), times.watched().median()));
                print(micros(name + "p99", times.routed().p99(), times.watched().p99()));
            }
        }
    }

    private void failOver() throws InterruptedException, TimeoutException {
        List<String> endpoints = etcd.endpoints();
        if (endpoints.isEmpty()) {
            print("fail-over on etcd: left out, since --etcd does not name one");
            return;
        }
        try (FailOverLatency latency = new FailOverLatency(endpoints.get(0), newPrefix())) {
            FailOverLatency.Times times = latency.measure(quick ? 1 : 20);
            print(micros(
                    "server killed to all served elsewhere, p50",
                    times.served().median(),
                    times.expired().median()));
            print(micros(
                    "server killed to all served elsewhere, p95",
                    times.served().p95(),
                    times.expired().p95()));
            print(micros(
                    "  of which after the expiry was seen, p50", times.since().median()));
            print(micros(
                    "  of which after the expiry was seen, p95", times.since().p95()));
        }
    }

    private void footprint() throws InterruptedException, TimeoutException {
        List<String> endpoints = etcd.endpoints();
        if (endpoints.isEmpty()) {
            print("footprint on etcd: left out, since --etcd does not name one");
            return;
        }
        try (Footprint footprint = new Footprint(endpoints.get(0), newPrefix())) {
            // In this order, since every router keeps every server.
            print("server", footprint.ofServer(quick ? 2 : 10));
            print("router", footprint.ofRouter(quick ? 5 : 100));
        }
    }

    private void print(String role, Footprint.Share share) {
        print(new Figure("heap of one more " + role, share.heapBytes() / 1024, null, "KiB", null));
        print(new Figure("threads of one more " + role, share.threads(), null, "threads", null));
    }

    private void idle() throws InterruptedException, TimeoutException {
        List<String> endpoints = etcd.endpoints();
        if (endpoints.isEmpty()) {
            print("idle cost on etcd: left out, since --etcd does not name one");
            return;
        }
        int servers = quick ? 4 : 100;
        int routers = quick ? 4 : 1000;
        try (IdleCost cost = new IdleCost(endpoints.get(0), newPrefix())) {
            Duration settle = Duration.ofSeconds(quick ? 1 : 60);
            Duration time = Duration.ofSeconds(quick ? 10 : 600);
            cost.measure(servers, routers, settle, time)
                    .forEach((name, rate) -> print(new Figure(
                            "idle, " + servers + " servers, " + routers + " routers, " + name,
                            rate,
                            null,
                            "/min",
                            null)));
        }
    }

    private void redis() throws InterruptedException, TimeoutException {
        String uri = redis.uri();
        if (uri == null) {
            print("figures on Redis: left out, since --redis does not name one");
            return;
        }
        new RedisFigures(uri, newPrefix(), quick ? Length.QUICK : Length.FULL).measure(this::print);
    }

    private static String newPrefix() {
        return "/bucketkeeper/benchmark-" + Long.toHexString(new SecureRandom().nextLong()) + "/";
    }

    private static Figure micros(String name, long nanos) {
        return new Figure(name, nanos / 1000.0, null, "us", null);
    }

    private static Figure micros(String name, long nanos, long floorNanos) {
        return new Figure(name, nanos / 1000.0, floorNanos / 1000.0, "us", null);
    }

    private void print(Figure figure) {
        print(FigureTable.line(figure));
    }

    private void print(String line) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(line);
        out.flush();
    }
}
