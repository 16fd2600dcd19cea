package org.bucketkeeper.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.bucketkeeper.internal.cluster.Keyspace;
import org.bucketkeeper.membership.NodeInfo;
import org.jspecify.annotations.Nullable;

/**
 * Gives a process what the operators wrote about the cluster in their {@code dtable_server_config.json}.
 *
 * <p>Only the block {@code cluster_config} is read, and {@code redis_host}, {@code redis_port}, {@code redis_user},
 * {@code redis_password} and {@code redis_db} beside it if {@code store} is {@code "redis"}; all other keys belong to
 * other programs and may be anything. Comments ({@code //}, {@code /* *}{@code /} and {@code #}) and a comma after the
 * last member are allowed.
 *
 * <p>Immutable and thread-safe. {@link #toString} shows no password. Nothing is looked up or connected to: that hosts
 * exist and passwords are right is <em>not</em> known.
 */
public final class ClusterConfig {

    /** What the cluster's keys begin with unless {@code prefix} says otherwise. */
    public static final String DEFAULT_PREFIX = Keyspace.DEFAULT_PREFIX;

    private final @Nullable Path file;
    private final Position block;
    private final StoreSettings store;
    private final String prefix;
    private final @Nullable NodeInfo node;
    private final Timing timing;
    private final boolean autoRebalance;
    private final boolean compatibleKeys;
    private final List<String> warnings;

    ClusterConfig(
            @Nullable Path file,
            Position block,
            StoreSettings store,
            String prefix,
            @Nullable NodeInfo node,
            Timing timing,
            boolean autoRebalance,
            boolean compatibleKeys,
            List<String> warnings) {
        this.file = file;
        this.block = block;
        this.store = store;
        this.prefix = prefix;
        this.node = node;
        this.timing = timing;
        this.autoRebalance = autoRebalance;
        this.compatibleKeys = compatibleKeys;
        this.warnings = warnings;
    }

    /**
     * Reads a file, and the attributes of the files for TLS that it names; blocks meanwhile.
     *
     * @param file JSON in UTF-8, at most 1 MiB; relative paths in it are resolved against its folder
     * @throws ClusterConfigException if the file cannot be read or anything in it is wrong; it tells every problem with
     *     file, line and what was expected, but only the first if the syntax is wrong
     */
    public static ClusterConfig read(Path file) {
        return ClusterConfigReader.read(file);
    }

    /**
     * Returns a configuration without a file, for a process that was told of its store in another way: everything else
     * has its default, and there is no node.
     */
    public static ClusterConfig of(StoreSettings store) {
        return new ClusterConfig(
                null, Position.START, store, DEFAULT_PREFIX, null, Timing.DEFAULT, false, true, List.of());
    }

    /** Returns this configuration with another store. */
    public ClusterConfig withStore(StoreSettings newStore) {
        return new ClusterConfig(file, block, newStore, prefix, node, timing, autoRebalance, compatibleKeys, warnings);
    }

    /** Returns this configuration for another node. */
    public ClusterConfig withNode(NodeInfo newNode) {
        return new ClusterConfig(file, block, store, prefix, newNode, timing, autoRebalance, compatibleKeys, warnings);
    }

    /** Returns the file, as it was named to {@link #read}; null if there is none. */
    public @Nullable Path file() {
        return file;
    }

    /** Returns which store the cluster uses and how to reach it. */
    public StoreSettings store() {
        return store;
    }

    /** Returns what the cluster's keys begin with; begins and ends with a slash. */
    public String prefix() {
        return prefix;
    }

    /** Returns what this server tells the cluster about itself; null in the file of a process that is no server. */
    public @Nullable NodeInfo node() {
        return node;
    }

    /**
     * Returns what this server tells the cluster about itself, for a process that cannot do without it.
     *
     * @throws ClusterConfigException if this is the configuration of no server; it names the missing keys
     */
    public NodeInfo requireNode() {
        if (node == null) {
            if (file == null) {
                throw new ClusterConfigException(List.of(new ConfigProblem(
                        "no configuration file",
                        0,
                        0,
                        ClusterConfigReader.BLOCK + "." + NodeReader.NODE_ID,
                        "is missing; expected text, because this is a server")));
            }
            Problems problems = new Problems(file);
            for (String key : NodeReader.REQUIRED_KEYS) {
                problems.add(
                        block,
                        ClusterConfigReader.BLOCK + "." + key,
                        "is missing; expected text, because this is a server");
            }
            throw problems.toException();
        }
        return node;
    }

    /** Returns how long after its last sign of life a server counts as dead; 2 s to 1 h, 90 s by default. */
    public Duration sessionTtl() {
        return timing.sessionTtl();
    }

    /** Returns how long after its last sign of life the leading monitor counts as dead; 2 s to 1 h, 10 s by default. */
    public Duration monitorTtl() {
        return timing.monitorTtl();
    }

    /** Returns how long a monitor waits for more servers before the first assignment; 0 to 1 h, 10 s by default. */
    public Duration settleTime() {
        return timing.settleTime();
    }

    /** Returns how long a monitor waits when many servers vanish at once; 0 to 1 day, 180 s by default. */
    public Duration massLossHold() {
        return timing.massLossHold();
    }

    /** Returns how long to wait for the store's answer to one request; 100 ms to 60 s, 5 s by default. */
    public Duration requestTimeout() {
        return timing.requestTimeout();
    }

    /** Returns whether the monitor evens out the load by itself; off by default. */
    public boolean autoRebalance() {
        return autoRebalance;
    }

    /** Returns whether the keys that existing SeaTable programs read are kept as well; on by default. */
    public boolean compatibleKeys() {
        return compatibleKeys;
    }

    /** Returns what is allowed but probably not meant, one line each with file and line; the caller should log them. */
    public List<String> warnings() {
        return warnings;
    }

    /** Returns all settings on one line, without passwords. */
    @Override
    public String toString() {
        return "ClusterConfig[file=" + file + ", store=" + store + ", prefix=" + prefix + ", node=" + node + ", "
                + timing + ", autoRebalance=" + autoRebalance + ", compatibleKeys=" + compatibleKeys + "]";
    }
}
