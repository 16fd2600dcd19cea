package org.bucketkeeper.testing;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * One member of an etcd cluster on this machine, known before it runs.
 *
 * @param name its name within the cluster
 * @param clientPort where it serves clients
 * @param peerPort where it serves the other members
 */
record EtcdMember(String name, int clientPort, int peerPort) {

    static final String HOST = "127.0.0.1";
    static final int PORTS = 2;
    static final List<String> LOGGING = List.of("--logger", "zap", "--log-outputs", "stderr", "--log-level", "warn");

    /** The member that serves clients on the first of {@code ports} and members on the second. */
    static EtcdMember on(String name, List<Integer> ports) {
        return new EtcdMember(name, ports.get(0), ports.get(1));
    }

    String endpoint() {
        return HOST + ":" + clientPort;
    }

    /** The member as a process of {@code program}; {@code all} are the members it starts with, itself among them. */
    ServerProcess process(Path program, List<EtcdMember> all, EtcdSecurity security) {
        TemporaryFolder folder = new TemporaryFolder(name);
        String data = folder.path().resolve("data").toString();
        List<String> command = new ArrayList<>(List.of(program.toString(), "--name", name, "--data-dir", data));
        command.addAll(LOGGING);
        command.addAll(List.of("--listen-client-urls", security.scheme() + "://" + endpoint()));
        command.addAll(List.of("--advertise-client-urls", security.scheme() + "://" + endpoint()));
        command.addAll(List.of("--listen-peer-urls", peerUrl()));
        command.addAll(List.of("--initial-advertise-peer-urls", peerUrl()));
        command.addAll(List.of("--initial-cluster", initialCluster(all)));
        command.addAll(security.arguments(Path::toString));
        return new ServerProcess(name, command, folder, security.http(endpoint())::isHealthy);
    }

    private static String initialCluster(List<EtcdMember> all) {
        return String.join(
                ",",
                all.stream().map(member -> member.name + "=" + member.peerUrl()).toList());
    }

    private String peerUrl() {
        return "http://" + HOST + ":" + peerPort;
    }
}
