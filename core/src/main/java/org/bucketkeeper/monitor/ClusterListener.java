package org.bucketkeeper.monitor;

/**
 * Is told how the cluster stands. Calls are made one at a time on a thread of the library that serves listeners only,
 * each with a newer state than the one before, at most {@value #CALLS_PER_SECOND} times a second: what changes in
 * between is told together. A listener that throws is logged and called again at the next change.
 */
@FunctionalInterface
public interface ClusterListener {

    /** How often it is called at most. */
    int CALLS_PER_SECOND = 20;

    /** Something changed, and {@code overview} shows it. */
    void clusterChanged(ClusterOverview overview);
}
