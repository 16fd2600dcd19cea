package org.bucketkeeper.testing.simulation;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.membership.CompatibleKeys;
import org.bucketkeeper.membership.NodeInfo;
import org.bucketkeeper.membership.NodeRegistry;
import org.bucketkeeper.ownership.BucketOwnership;
import org.bucketkeeper.ownership.OwnershipListener;
import org.bucketkeeper.ownership.OwnershipSettings;
import org.bucketkeeper.routing.BucketRouter;
import org.jspecify.annotations.Nullable;

/** One life of a server: the production roles, wired as {@link org.bucketkeeper.ClusterServer} wires them. */
final class ServerProcess implements SimulatedServer {

    private final World world;
    private final String nodeId;
    private final NodeInfo info;
    private final SimulatedProcess process;
    private final BucketRouter router;
    private final BucketOwnership ownership;
    private final NodeRegistry registry;
    private final @Nullable BuiltInApplication builtIn;
    private boolean leaving;

    ServerProcess(World world, String nodeId, String name, Runnable onRefused) {
        this.world = world;
        this.nodeId = nodeId;
        this.info = NodeInfo.of(nodeId, "https://" + name + ".example.com/", "http://" + name + ".internal/");
        this.process = new SimulatedProcess(world, name);
        ListenerFactory listeners = world.settings().listeners();
        OwnershipListener application;
        if (listeners == null) {
            builtIn = new BuiltInApplication(world, this);
            application = builtIn;
        } else {
            builtIn = null;
            application = listeners.listenerOf(this);
        }
        Scenario scenario = world.scenario();
        router = BucketRouter.sharing(process.link());
        ownership = BucketOwnership.sharing(
                process.link(),
                router,
                nodeId,
                new OwnershipSettings(scenario.outage(), Scenario.LEAVE_TIMEOUT),
                new WatchedListener(world, this, application));
        registry = NodeRegistry.sharing(
                process.link(),
                NodeRegistry.sessionSettings(scenario.ttl(), null),
                CompatibleKeys.NOT_WRITTEN,
                ownership.session());
        registry.register(info).whenComplete((node, failure) -> {
            if (failure != null && !leaving) {
                process.machine().note("not registered: " + failure.getMessage());
                onRefused.run();
            }
        });
    }

    SimulatedProcess process() {
        return process;
    }

    NodeInfo info() {
        return info;
    }

    BucketRouter router() {
        return router;
    }

    BucketOwnership ownership() {
        return ownership;
    }

    @Nullable BuiltInApplication builtIn() {
        return builtIn;
    }

    boolean isLeaving() {
        return leaving;
    }

    boolean isDead() {
        return process.machine().isDead();
    }

    /** Leaves as {@link org.bucketkeeper.ClusterServer#leave()} does. */
    CompletionStage<Void> leave() {
        leaving = true;
        process.machine().note("leaves");
        return ownership
                .leave()
                .thenCompose(notUnloaded -> notUnloaded.isEmpty() ? registry.leave() : registry.leaveToExpire())
                .whenComplete((done, failure) -> {
                    ownership.stop();
                    router.close();
                    process.link().close();
                });
    }

    Mood mood(Bucket bucket) {
        return world.moods().of(nodeId, bucket);
    }

    void whenMoodEnds(Bucket bucket, Runnable task) {
        world.moods().whenOver(nodeId, bucket, () -> process.machine().run(0, task));
    }

    @Override
    public String nodeId() {
        return nodeId;
    }

    @Override
    public void run(Duration delay, Runnable task) {
        process.machine().run(delay, task);
    }

    @Override
    public TokenCheckedStorage storage() {
        return world.storage();
    }

    @Override
    public void fail(String what) {
        world.violations().report("the application's own promise", process + ": " + what);
    }
}
