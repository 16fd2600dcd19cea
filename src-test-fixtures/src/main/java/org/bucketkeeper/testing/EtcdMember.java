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

    /** Members {@code <prefix>1} and on, a pair of {@code ports} for each. */
    static List<EtcdMember> named(String prefix, List<Integer> ports) {
        List<EtcdMember> members = new ArrayList<>();
        for (int at = 0; at < ports.size(); at += 2) {
            members.add(new EtcdMember(prefix + (at / 2 + 1), ports.get(at), ports.get(at + 1)));
        }
        return List.copyOf(members);
    }

    String endpoint() {
        return HOST + ":" + clientPort;
    }

    /** The member as a process of {@code program}; {@code all} are the members it starts with, itself among them. */
    ServerProcess process(Path program, List<EtcdMember> all, EtcdSecurity security) {
        TemporaryFolder folder = new TemporaryFolder(name);
        Path data = folder.path().resolve("data");
        List<String> command =
                new ArrayList<>(List.of(program.toString(), "--name", name, "--data-dir", data.toString()));
        command.addAll(List.of("--logger", "zap", "--log-outputs", "stderr", "--log-level", "warn"));
        command.addAll(List.of("--listen-client-urls", security.scheme() + "://" + endpoint()));
        command.addAll(List.of("--advertise-client-urls", security.scheme() + "://" + endpoint()));
        command.addAll(List.of("--listen-peer-urls", peerUrl()));
        command.addAll(List.of("--initial-advertise-peer-urls", peerUrl()));
        command.addAll(List.of("--initial-cluster", initialCluster(all)));
        // A token for each cluster: two that met on a port by accident must not join.
        command.addAll(
                List.of("--initial-cluster-token", folder.path().getFileName().toString()));
        command.addAll(security.arguments());
        return new ServerProcess(
                name, command, folder, () -> security.http(endpoint()).isHealthy());
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
