package org.bucketkeeper.testing;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * Gives a test an etcd cluster of three members on this machine, each of which can be stopped, killed, frozen and
 * started again on its own.
 *
 * <p>The members are processes of the program that {@code bucketkeeper.test.etcd.program} names, or of {@code etcd} on
 * the PATH; neither a running server that the caller names nor Docker will do. Members are counted from 0.
 *
 * <p>Every method returns when its effect is there, and blocks until then, for 60 seconds at most for each member. One
 * thread uses an instance at a time. The members end with {@link #close()} and at the latest with the JVM.
 */
public final class EtcdCluster implements AutoCloseable {

    /** How many members there are. */
    public static final int SIZE = 3;

    private static final int MAJORITY = SIZE / 2 + 1;
    private static final Duration ELECTION_BOUND = Duration.ofSeconds(60);

    private final List<EtcdMember> members;
    private final List<ServerProcess> processes;

    private EtcdCluster(List<EtcdMember> members, List<ServerProcess> processes) {
        this.members = List.copyOf(members);
        this.processes = List.copyOf(processes);
    }

    /**
     * Starts a cluster and returns when every member answers.
     *
     * @throws ServerStartException if there is no program, or a member did not start
     */
    public static EtcdCluster launch() {
        Path program = ServerSource.Kind.ETCD
                .chooseProgram(ServerEnvironment.ofThisJvm())
                .path();
        return ServerRecipe.onFreePorts(SIZE * EtcdMember.PORTS, ports -> launch(program, ports));
    }

    private static EtcdCluster launch(Path program, List<Integer> ports) {
        List<EtcdMember> members = IntStream.range(0, SIZE)
                .mapToObj(at ->
                        EtcdMember.on("etcd" + at, ports.subList(at * EtcdMember.PORTS, (at + 1) * EtcdMember.PORTS)))
                .toList();
        List<ServerProcess> processes = members.stream()
                .map(member -> member.process(program, members, EtcdSecurity.NONE))
                .toList();
        EtcdCluster cluster = new EtcdCluster(members, processes);
        try {
            cluster.startAll();
            return cluster;
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    /** Where clients connect, each as {@code host:port}: one for each member, in their order. */
    public List<String> endpoints() {
        return members.stream().map(EtcdMember::endpoint).toList();
    }

    /** A way to one member's content that does not lead through the adapter under test. */
    public EtcdHttp http(int member) {
        return EtcdSecurity.NONE.http(members.get(member).endpoint());
    }

    /**
     * The member that leads now.
     *
     * @throws IllegalStateException if none of the running members leads within 60 seconds
     */
    public int leader() {
        List<EtcdHttp> clients = IntStream.range(0, SIZE).mapToObj(this::http).toList();
        AtomicInteger found = new AtomicInteger();
        boolean elected = Waiting.until(ELECTION_BOUND, () -> {
            OptionalInt leader = IntStream.range(0, SIZE)
                    .filter(member -> leads(clients.get(member)))
                    .findFirst();
            leader.ifPresent(found::set);
            return leader.isPresent();
        });
        if (!elected) {
            throw new IllegalStateException("No member leads after " + ELECTION_BOUND.toSeconds() + " s");
        }
        return found.get();
    }

    private static boolean leads(EtcdHttp http) {
        return http.isHealthy() && http.leaderId().equals(http.memberId());
    }

    /**
     * Has the leader hand over to another running member, which is the answer.
     *
     * @throws IllegalStateException if no other member runs, or it does not take over in time
     */
    public int moveLeader() {
        int from = leader();
        int to = IntStream.range(0, SIZE)
                .filter(member -> member != from && http(member).isHealthy())
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("No member but the leader answers"));
        EtcdHttp next = http(to);
        http(from).transferLeadership(next.memberId());
        if (!Waiting.until(ELECTION_BOUND, () -> leads(next))) {
            throw new IllegalStateException("Member " + to + " did not take over from member " + from);
        }
        return to;
    }

    /** Stops one member in an orderly way (SIGTERM). */
    public void stop(int member) {
        processes.get(member).stop();
    }

    /** Ends one member as a crash would (SIGKILL). */
    public void kill(int member) {
        processes.get(member).kill();
    }

    /** Freezes one member (SIGSTOP): its connections stay open and it answers nothing. */
    public void pause(int member) {
        processes.get(member).pause();
    }

    /** Lets a frozen member go on (SIGCONT). */
    public void resume(int member) {
        processes.get(member).resume();
    }

    /**
     * Starts one member again, with the data and on the ports it had; returns when it answers, or at once where fewer
     * than two members run: then none can answer.
     */
    public void start(int member) {
        processes.get(member).spawn();
        if (processes.stream().filter(ServerProcess::isAlive).count() >= MAJORITY) {
            processes.get(member).awaitReady();
        }
    }

    /** Ends every running member as a power cut would (SIGKILL). */
    public void killAll() {
        processes.stream().filter(ServerProcess::isAlive).forEach(ServerProcess::kill);
    }

    /** Starts every member that does not run; returns when all answer. */
    public void startAll() {
        processes.stream().filter(process -> !process.isAlive()).forEach(ServerProcess::spawn);
        processes.forEach(ServerProcess::awaitReady);
    }

    /** Ends every member and removes the data. Does nothing the second time. */
    @Override
    public void close() {
        processes.forEach(ServerProcess::close);
    }
}
