package org.bucketkeeper.examples.demo;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.bucketkeeper.examples.EtcdOption;
import org.bucketkeeper.examples.RedisOption;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Plays the demonstration on the terminal. */
@Command(
        name = "demo",
        description = {
            "Plays a day in a cluster's life in half a minute and checks every step: a cold start, a node that dies, one"
                    + " that leaves, one that joins, and a rebalance.",
            "",
            "Colours are left out where standard output is no terminal or NO_COLOR is set."
        })
public final class DemoCommand implements Callable<Integer> {

    private static final int FEWEST_NODES = 3;
    private static final int MOST_NODES = 16;

    /** Well under a third of the nodes' lease, so that a renewal that was lost can be repeated. */
    private static final Duration REQUEST_TIMEOUT = Duration.ofMillis(1500);

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private EtcdOption etcd = new EtcdOption();

    @Mixin
    private RedisOption redis = new RedisOption();

    @Option(
            names = "--nodes",
            paramLabel = "N",
            description = "How many nodes to begin with: 3 to 16, ${DEFAULT-VALUE} by default.",
            defaultValue = "4")
    private int nodes;

    @Override
    public Integer call() throws InterruptedException {
        if (nodes < FEWEST_NODES || nodes > MOST_NODES) {
            throw new ParameterException(
                    spec.commandLine(),
                    "Invalid value for option '--nodes': must be " + FEWEST_NODES + " to " + MOST_NODES + ", but is "
                            + nodes);
        }
        expectTrouble();
        try (Backend backend = backend()) {
            return play(backend) ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
        }
    }

    private Backend backend() {
        List<String> endpoints = etcd.endpoints();
        String uri = redis.uri();
        if (uri == null) {
            return endpoints.isEmpty() ? Backend.inMemory() : Backend.etcd(endpoints, REQUEST_TIMEOUT);
        }
        if (!endpoints.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "--etcd and --redis cannot be used together");
        }
        return Backend.redis(uri, REQUEST_TIMEOUT);
    }

    private boolean play(Backend backend) throws InterruptedException {
        String prefix = "/bucketkeeper/demo-" + Long.toHexString(new SecureRandom().nextLong()) + "/";
        DemoScreen screen = new DemoScreen(spec.commandLine().getOut(), paint());
        try (DemoCluster cluster = DemoCluster.open(backend, prefix)) {
            screen.text("A cluster of " + nodes + " nodes on " + backend + ", under " + prefix);
            return new Demo(cluster, screen, nodes).play();
        }
    }

    private static Paint paint() {
        return Ansi.AUTO.enabled() ? Paint.ofColourTerminal(System.getenv("COLORTERM")) : Paint.PLAIN;
    }

    /** The demonstration breaks things on purpose; warnings about that would tear its pictures. */
    private static void expectTrouble() {
        Logger library = (Logger) LoggerFactory.getLogger("org.bucketkeeper");
        if (library.getLevel() == null) {
            library.setLevel(Level.ERROR);
        }
    }
}
