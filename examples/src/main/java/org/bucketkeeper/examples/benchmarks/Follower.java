package org.bucketkeeper.examples.benchmarks;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.options.WatchOption;
import io.etcd.jetcd.watch.WatchResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.bucketkeeper.etcd.EtcdStore;
import org.bucketkeeper.routing.BucketRouter;
import org.bucketkeeper.store.CoordinationStore;

/**
 * The program of a process that {@link FanOut} starts: many routers and as many bare watches. Says on its standard
 * output when the last of them has a revision; the clock is the machine's, which all processes read alike.
 */
public final class Follower {

    private final int count;
    private final Map<String, AtomicInteger> missing = new ConcurrentHashMap<>();

    private Follower(int count) {
        this.count = count;
    }

    /** Arguments: the etcd, the prefix of the watches, the prefix of the routers, how many of each. */
    public static void main(String[] arguments) throws InterruptedException, TimeoutException, IOException {
        String endpoint = arguments[0];
        Follower follower = new Follower(Integer.parseInt(arguments[3]));
        try (Client client = Client.builder().endpoints("http://" + endpoint).build();
                CoordinationStore store = EtcdStore.connect(endpoint)) {
            long from = StoreCalls.await(store.read(arguments[1])).revision() + 1;
            List<BucketRouter> routers = new ArrayList<>();
            for (int i = 0; i < follower.count; i++) {
                follower.watch(client, arguments[1], from);
                BucketRouter router = BucketRouter.connect(store, arguments[2]);
                router.addListener((revision, changes) -> follower.saw("routed", revision));
                routers.add(router);
            }
            for (BucketRouter router : routers) {
                router.awaitReady(StoreCalls.PATIENCE);
            }
            follower.say("ready");
            // Ends with the process that reads what is said here.
            while (System.in.read() >= 0) {
                Thread.onSpinWait();
            }
            routers.forEach(BucketRouter::close);
        }
    }

    private void watch(Client client, String prefix, long from) {
        ByteSequence key = ByteSequence.from(prefix, StandardCharsets.UTF_8);
        WatchOption option =
                WatchOption.builder().isPrefix(true).withRevision(from).build();
        var unused = client.getWatchClient()
                .watch(
                        key,
                        option,
                        (WatchResponse response) -> response.getEvents()
                                .forEach(event ->
                                        saw("watched", event.getKeyValue().getModRevision())));
    }

    private void saw(String side, long revision) {
        String change = side + " " + revision;
        int left = missing.computeIfAbsent(change, first -> new AtomicInteger(count))
                .decrementAndGet();
        if (left == 0) {
            missing.remove(change);
            say(change + " " + System.nanoTime());
        }
    }

    private synchronized void say(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
