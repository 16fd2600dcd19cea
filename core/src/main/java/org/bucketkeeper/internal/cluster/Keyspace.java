package org.bucketkeeper.internal.cluster;

import org.bucketkeeper.bucket.Bucket;
import org.jspecify.annotations.Nullable;

/**
 * Where a cluster's facts stand in the store.
 *
 * @param prefix the beginning of all keys of the cluster; begins and ends with a slash
 */
public record Keyspace(String prefix) {

    /** The prefix of a cluster that was given none. */
    public static final String DEFAULT_PREFIX = "/bucketkeeper/default/";

    /**
     * Checks the prefix.
     *
     * @throws IllegalArgumentException if it does not begin and end with a slash
     */
    public Keyspace {
        if (!prefix.startsWith("/") || !prefix.endsWith("/")) {
            throw new IllegalArgumentException("prefix must begin and end with \"/\", but is \"" + prefix + "\"");
        }
    }

    /** The beginning of the keys of all registered nodes. */
    public String nodes() {
        return prefix + "nodes/";
    }

    /** The registration of one node. */
    public String node(String nodeId) {
        return nodes() + nodeId;
    }

    /** The whole table. */
    public String assignment() {
        return prefix + "assignment";
    }

    /** Who leads. */
    public String monitor() {
        return prefix + "monitor";
    }

    /** What the operators want. */
    public String policy() {
        return prefix + "policy";
    }

    /** The beginning of what operators ask the leader to do once. */
    public String requests() {
        return prefix + "requests/";
    }

    /** The beginning of the keys in which owners claim their buckets. */
    public String claims() {
        return prefix + "claims/";
    }

    /** The claim on one bucket. */
    public String claim(Bucket bucket) {
        return claims() + bucket;
    }

    /** Returns the bucket that is named after {@code beginning} in {@code key}; null if the key is not of that kind. */
    public static @Nullable Bucket bucketAfter(String beginning, String key) {
        String name = key.startsWith(beginning) ? key.substring(beginning.length()) : "";
        return Bucket.isName(name) ? Bucket.parse(name) : null;
    }

    /** The beginning of the marks of nodes that leave in an orderly way and want their buckets moved first. */
    public String leaving() {
        return prefix + "leaving/";
    }

    /** The mark of one node that leaves; under its lease. */
    public String leaving(String nodeId) {
        return leaving() + nodeId;
    }

    /** The beginning of what operators ask owners to give up at once. */
    public String forcedReleases() {
        return prefix + "forced-releases/";
    }

    /** What an operator asks the owner of one bucket to give up at once. */
    public String forcedRelease(Bucket bucket) {
        return forcedReleases() + bucket;
    }

    /**
     * The beginning of the keys that say who owned each bucket when. It stands beside the cluster's keys and not under
     * their prefix, so that nobody's watch carries it.
     */
    public String history() {
        return prefix.substring(0, prefix.length() - 1) + "-history/";
    }

    /** Who owned one bucket when. */
    public String history(Bucket bucket) {
        return history() + bucket;
    }
}
