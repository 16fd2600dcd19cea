package org.bucketkeeper.examples.deployment;

import java.util.List;
import org.bucketkeeper.store.CoordinationStore;

/** The real servers of the store that a deployment runs on. */
interface StoreServers extends AutoCloseable {

    /** Returns where they take connections, each as {@code host:port}. */
    List<String> endpoints();

    /**
     * Returns an operator's file that names the store.
     *
     * @param endpoints where its reader is to connect: to the servers or to what stands before them
     * @param settings the rest of the file's {@code cluster_config}, without braces
     */
    String configuration(List<String> endpoints, String settings);

    /** Returns a connection, which its user closes. */
    CoordinationStore connect();

    /** Ends the servers. */
    @Override
    void close();
}
