package org.bucketkeeper.examples.ctl;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.bucketkeeper.ClusterClient;
import org.bucketkeeper.examples.program.ClusterConnection;
import org.bucketkeeper.monitor.ClusterOperator;
import org.bucketkeeper.monitor.ClusterOverview;
import org.bucketkeeper.monitor.NodeOverview;
import org.bucketkeeper.monitor.OperationRefusedException;
import org.bucketkeeper.routing.RouterStatus;
import org.bucketkeeper.store.StoreException;

/** The cluster as a command sees it: in reach, and with every wait bounded. */
final class CtlCluster implements AutoCloseable {

    private final ClusterConnection connection;
    private final ClusterClient client;

    private CtlCluster(ClusterConnection connection, ClusterClient client) {
        this.connection = connection;
        this.client = client;
    }

    /**
     * Returns the cluster when it was heard of; blocks until then.
     *
     * @param connection is closed with what is returned, or if there is nothing to return
     * @throws CtlException if the store does not answer
     */
    static CtlCluster reach(ClusterConnection connection) throws InterruptedException {
        ClusterClient client = connection.roles().client();
        CtlCluster cluster = new CtlCluster(connection, client);
        long start = System.nanoTime();
        try {
            CompletableFuture<ClusterOverview> heard = new CompletableFuture<>();
            client.operator().addListener(heard::complete);
            // A read of its own says what is wrong with the store, which the watch keeps to itself and tries again.
            cluster.await(connection.store().read(connection.config().prefix() + "monitor"));
            cluster.await(heard);
            return cluster;
        } catch (CtlException e) {
            cluster.close();
            throw CtlException.outOfReach(
                    "cannot reach " + connection.storeName() + cluster.reason(e, System.nanoTime() - start), e);
        } catch (InterruptedException | RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    /** Silence has no more to say than that; who answers with a refusal says why. */
    private String reason(CtlException failure, long waitedNanos) {
        Duration bound = connection.config().requestTimeout();
        return waitedNanos < bound.toNanos() / 5 * 4
                ? ": " + failure.getMessage()
                : " within " + bound.toSeconds() + " s; with --verbose the cause is shown";
    }

    ClusterConnection connection() {
        return connection;
    }

    ClusterOperator operator() {
        return client.operator();
    }

    RouterStatus routerStatus() {
        return client.router().status();
    }

    /** Returns how the cluster stands now. */
    ClusterOverview overview() throws InterruptedException {
        return await(operator().overview());
    }

    /**
     * Returns the node with that name.
     *
     * @throws CtlException if there is none
     */
    NodeOverview requireNode(ClusterOverview overview, String nodeId) {
        NodeOverview node = overview.node(nodeId);
        if (node == null) {
            throw unknownNode(overview, nodeId);
        }
        return node;
    }

    CtlException unknownNode(ClusterOverview overview, String nodeId) {
        String known = overview.nodes().stream().map(NodeOverview::nodeId).collect(Collectors.joining(", "));
        return CtlException.refused("there is no node \"" + nodeId + "\"; "
                + (known.isEmpty() ? "no node is registered" : "the nodes are " + known));
    }

    /** Waits for the store's answer to one request. */
    <T> T await(CompletionStage<T> stage) throws InterruptedException {
        return await(stage, connection.config().requestTimeout());
    }

    /** Waits for the answer of the leading monitor, or of a bucket's owner. */
    <T> T awaitAnswer(CompletionStage<T> stage) throws InterruptedException {
        return await(
                stage, ClusterOperator.ANSWER_TIMEOUT.plus(connection.config().requestTimeout()));
    }

    private <T> T await(CompletionStage<T> stage, Duration bound) throws InterruptedException {
        try {
            // The stage has a bound of its own; this one is for a stage that breaks it.
            return stage.toCompletableFuture().get(bound.plusSeconds(1).toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw CtlException.outOfReach("no answer within " + bound.toSeconds() + " s", e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            if (cause instanceof OperationRefusedException refusal) {
                throw CtlException.refused(refusal);
            }
            if (cause instanceof StoreException unreached) {
                throw CtlException.outOfReach(String.valueOf(unreached.getMessage()), unreached);
            }
            throw new IllegalStateException(cause);
        }
    }

    @Override
    public void close() {
        client.close();
        connection.close();
    }
}
