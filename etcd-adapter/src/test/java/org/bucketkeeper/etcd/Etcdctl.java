package org.bucketkeeper.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** etcd's own command line client: what the operators see, and no code of ours in between. */
final class Etcdctl {

    private final List<String> endpoints;

    Etcdctl(List<String> endpoints) {
        this.endpoints = endpoints;
    }

    Map<String, String> keys(String prefix) {
        Map<String, String> keys = new TreeMap<>();
        Iterator<String> lines = run("get", "--prefix", prefix).lines().iterator();
        while (lines.hasNext()) {
            keys.put(lines.next(), lines.next());
        }
        return keys;
    }

    void put(String key, String value) {
        run("put", key, value);
    }

    void deletePrefix(String prefix) {
        run("del", "--prefix", prefix);
    }

    void delete(String key) {
        run("del", key);
    }

    private String run(String... arguments) {
        List<String> command = new ArrayList<>(List.of("etcdctl", "--endpoints", String.join(",", endpoints)));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("ETCDCTL_API", "3");
        try {
            Process process = builder.start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).as("etcdctl ends").isTrue();
            assertThat(process.exitValue()).as(output).isZero();
            return output;
        } catch (IOException e) {
            throw new AssertionError("etcdctl could not be run; Debian has it in the package etcd-client", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
