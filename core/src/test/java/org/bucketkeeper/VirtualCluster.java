package org.bucketkeeper;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import org.bucketkeeper.assignment.Assignment;
import org.bucketkeeper.driver.EventLoop;
import org.bucketkeeper.driver.ProcessTable;
import org.bucketkeeper.driver.VirtualTime;
import org.bucketkeeper.internal.cluster.ClusterLink;
import org.bucketkeeper.internal.cluster.Keyspace;
import org.bucketkeeper.membership.CompatibleKeys;
import org.bucketkeeper.membership.NodeInfo;
import org.bucketkeeper.membership.NodeRegistry;
import org.bucketkeeper.routing.BucketRouter;
import org.bucketkeeper.store.CommitResult;
import org.bucketkeeper.store.Entry;
import org.bucketkeeper.store.Transaction;
import org.bucketkeeper.store.memory.InMemoryClient;
import org.bucketkeeper.store.memory.InMemoryStore;

/** A cluster of processes in virtual time on an in-memory store, each with a store client that can be cut off. */
public final class VirtualCluster {

    public static final Keyspace KEYS = new Keyspace(Keyspace.DEFAULT_PREFIX);

    public final VirtualTime time = new VirtualTime();
    public final InMemoryStore store = InMemoryStore.on(time.newLoop());
    private final InMemoryClient observer = store.connect("observer");
    private long seed;

    /** One process: its connection to the store and what runs on it. */
    public record Member(InMemoryClient client, ClusterLink link) {

        /** Ends the process as {@code kill -9} would: nothing of it runs any longer and nobody is told. */
        public void kill() {
            link.loop().close();
            link.callbacks().close();
            client.close();
        }
    }

    public Member process(String name) {
        return process(name, ProcessTable.UNKNOWN);
    }

    public Member process(String name, ProcessTable processes) {
        return process(name, time.newLoop(), processes);
    }

    /** Returns a process whose application's calls run on {@code calls}. */
    public Member process(String name, EventLoop calls, ProcessTable processes) {
        InMemoryClient client = store.connect(name);
        ClusterLink link = ClusterLink.on(time.newLoop(), calls, processes, client, KEYS, new SplittableRandom(seed++));
        return new Member(client, link);
    }

    public static NodeInfo node(String nodeId) {
        return NodeInfo.of(nodeId, "https://" + nodeId + ".example.com/", "http://" + nodeId + ".internal/");
    }

    public Member startNode(String nodeId) {
        return startNode(node(nodeId));
    }

    public Member startNode(NodeInfo info) {
        Member process = process(info.nodeId());
        registry(process).register(info);
        time.runDue();
        return process;
    }

    public static NodeRegistry registry(Member process) {
        return NodeRegistry.sharing(
                process.link(),
                NodeRegistry.sessionSettings(NodeRegistry.DEFAULT_SESSION_TTL, null),
                CompatibleKeys.NOT_WRITTEN);
    }

    public BucketRouter router(Member process) {
        return BucketRouter.sharing(process.link());
    }

    public void advance(Duration duration) {
        time.advance(duration);
    }

    public SortedMap<String, Entry> keys(String prefix) {
        SortedMap<String, Entry> found = new TreeMap<>();
        for (Entry entry : await(observer.read(prefix)).entries()) {
            found.put(entry.key(), entry);
        }
        return found;
    }

    /** Returns the entry with {@code key}, which must be there. */
    public Entry entry(String key) {
        return Optional.ofNullable(keys(key).get(key)).orElseThrow(() -> new AssertionError("no key " + key));
    }

    public Assignment assignment() {
        Entry entry = keys(KEYS.assignment()).get(KEYS.assignment());
        return entry == null ? Assignment.unassigned() : Assignment.fromJson(entry.value(), entry.modRevision());
    }

    public List<Integer> counts(String... nodeIds) {
        List<Integer> counts = new ArrayList<>();
        for (String nodeId : nodeIds) {
            counts.add(assignment().count(nodeId));
        }
        return counts;
    }

    public void write(Transaction transaction) {
        assertThat(await(observer.commit(transaction))).isInstanceOf(CommitResult.Committed.class);
        time.runDue();
    }

    /** Runs what is due, which must be enough for {@code stage} to complete. */
    public <T> T await(CompletionStage<T> stage) {
        time.runDue();
        assertThat(stage.toCompletableFuture()).as("a stage without faults").isCompleted();
        return stage.toCompletableFuture().join();
    }
}
