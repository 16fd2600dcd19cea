package org.bucketkeeper.examples.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bucketkeeper.etcd.EtcdStore;
import org.bucketkeeper.membership.CompatibleKeys;
import org.bucketkeeper.monitor.ClusterMonitor;
import org.bucketkeeper.store.CoordinationStore;

/** Counts, by what etcd itself says, what a cluster in which nothing happens asks of it. */
final class IdleCost implements AutoCloseable {

    static final int PROCESSES = 4;

    private static final Pattern MESSAGES =
            Pattern.compile("grpc_server_msg_received_total\\{grpc_method=\"(\\w+)\".*} ([0-9.e+]+)");
    private static final Pattern BYTES =
            Pattern.compile("etcd_network_client_grpc_(received|sent)_bytes_total ([0-9.e+]+)");
    private static final long PATIENCE_SECONDS = 180;

    private final String endpoint;
    private final String prefix;
    private final CoordinationStore store;
    private final ClusterMonitor monitor;
    private final List<ChildProcess> children = new ArrayList<>();
    private final BlockingQueue<String> said = new LinkedBlockingQueue<>();
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    /**
     * @param endpoint of an etcd that nobody else uses
     * @param prefix the beginning of the keys to write; they are deleted in the end
     */
    IdleCost(String endpoint, String prefix) {
        this.endpoint = endpoint;
        this.prefix = prefix;
        this.store = EtcdStore.connect(endpoint);
        this.monitor = ClusterMonitor.builder(store)
                .prefix(prefix)
                .settleWindow(Duration.ofSeconds(1))
                .compatibleKeys(CompatibleKeys.NOT_WRITTEN)
                .start();
    }

    /**
     * Returns, for a minute, the messages that etcd received, by method, and the bytes that it received and sent.
     *
     * @param servers in all, each with a connection of its own
     * @param routers in all
     * @param settle how long to wait for what a start brings with it to be over
     */
    Map<String, Double> measure(int servers, int routers, Duration settle, Duration time)
            throws InterruptedException, TimeoutException {
        for (int i = 0; i < PROCESSES; i++) {
            children.add(ChildProcess.start(
                    IdleFleet.class,
                    List.of(
                            endpoint,
                            prefix,
                            "idle-" + i + "-",
                            Integer.toString(servers / PROCESSES),
                            Integer.toString(routers / PROCESSES)),
                    said));
        }
        for (int i = 0; i < PROCESSES; i++) {
            if (!"ready".equals(said.poll(PATIENCE_SECONDS, TimeUnit.SECONDS))) {
                throw new TimeoutException("the fleet was not ready within " + PATIENCE_SECONDS + " s");
            }
        }
        TimeUnit.NANOSECONDS.sleep(settle.toNanos());
        Map<String, Double> before = counters();
        long start = System.nanoTime();
        TimeUnit.NANOSECONDS.sleep(time.toNanos());
        double minutes = (System.nanoTime() - start) / 60e9;
        Map<String, Double> rates = new TreeMap<>();
        counters().forEach((name, count) -> {
            double rate = (count - before.getOrDefault(name, 0.0)) / minutes;
            if (rate > 0) {
                rates.put(name, rate);
            }
        });
        return rates;
    }

    /** Ends the processes and deletes what was written. */
    @Override
    public void close() {
        // First, or it would warn of what becomes of the others.
        monitor.close();
        children.forEach(ChildProcess::kill);
        StoreCalls.deleteCluster(store, prefix);
        store.close();
    }

    private Map<String, Double> counters() throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + endpoint + "/metrics"))
                .timeout(Duration.ofSeconds(10))
                .build();
        try {
            String metrics =
                    http.send(request, HttpResponse.BodyHandlers.ofString()).body();
            Map<String, Double> counters = new TreeMap<>();
            Matcher messages = MESSAGES.matcher(metrics);
            while (messages.find()) {
                counters.merge("requests, " + messages.group(1), Double.parseDouble(messages.group(2)), Double::sum);
            }
            Matcher bytes = BYTES.matcher(metrics);
            while (bytes.find()) {
                counters.put("bytes " + bytes.group(1), Double.parseDouble(bytes.group(2)));
            }
            return counters;
        } catch (IOException e) {
            throw new UncheckedIOException("etcd's metrics cannot be read", e);
        }
    }
}
