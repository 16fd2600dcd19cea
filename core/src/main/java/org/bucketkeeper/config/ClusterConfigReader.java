package org.bucketkeeper.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.bucketkeeper.membership.NodeInfo;
import org.jspecify.annotations.Nullable;

/** Reads one file into a {@link ClusterConfig}, and all that is wrong with it into one error. */
final class ClusterConfigReader {

    static final String BLOCK = "cluster_config";

    private static final String STORE = "store";
    private static final String PREFIX = "prefix";
    private static final String AUTO_REBALANCE = "auto_rebalance";
    private static final String COMPATIBLE_KEYS = "compatible_keys";

    private static final List<String> KEYS = Stream.of(
                    NodeReader.KEYS,
                    EtcdReader.KEYS,
                    RedisReader.BLOCK_KEYS,
                    Timing.KEYS,
                    List.of(STORE, PREFIX, AUTO_REBALANCE, COMPATIBLE_KEYS))
            .flatMap(List::stream)
            .toList();

    /** Narrow on purpose: a brace, for one, changes which server of a Redis Cluster holds a key. */
    private static final Pattern PREFIX_FORM = Pattern.compile("/([A-Za-z0-9._-]+/)+");

    private static final int LONGEST_PREFIX = 200;
    private static final String COMPATIBLE_NODE_ID_PREFIX = "dtable-server-";

    private final Path file;
    private final Problems problems;

    private ClusterConfigReader(Path file) {
        this.file = file;
        this.problems = new Problems(file);
    }

    static ClusterConfig read(Path file) {
        return interpret(file, ConfigText.read(file));
    }

    /** Returns what the file's text means. */
    static ClusterConfig interpret(Path file, String text) {
        return new ClusterConfigReader(file).interpret(text);
    }

    private ClusterConfig interpret(String text) {
        LocatedValue.Block document = LocatedJson.parse(file, text);
        Section root = new Section("", document, problems);
        LocatedValue.Block block = clusterConfig(root);
        Section cluster = new Section(BLOCK + ".", block, problems);
        cluster.rejectRepeated(KEYS);
        cluster.rejectUnknown(KEYS);
        StoreSettings store = store(cluster, root);
        NodeInfo node = new NodeReader(cluster).read();
        String prefix = prefix(cluster);
        Timing timing = Timing.read(cluster);
        boolean autoRebalance = cluster.flag(AUTO_REBALANCE, false);
        boolean compatibleKeys = cluster.flag(COMPATIBLE_KEYS, true);
        problems.throwIfAny();
        Objects.requireNonNull(store, "no store, though nothing is wrong");
        return new ClusterConfig(
                file,
                block.at(),
                store,
                prefix,
                node,
                timing,
                autoRebalance,
                compatibleKeys,
                warnings(cluster, store, node, compatibleKeys));
    }

    private LocatedValue.Block clusterConfig(Section root) {
        root.rejectRepeated(List.of(BLOCK));
        LocatedValue value = root.value(BLOCK);
        if (value instanceof LocatedValue.Block block) {
            return block;
        }
        if (value != null) {
            root.rejectUnshown(BLOCK, value, "must be an object");
        } else if (!root.rejectMisspelt(BLOCK)) {
            root.missing(BLOCK, "an object with at least etcd_host");
        }
        throw problems.toException();
    }

    private @Nullable StoreSettings store(Section cluster, Section root) {
        LocatedValue.Text store = cluster.text(STORE);
        if (store == null) {
            return cluster.has(STORE) ? null : etcd(cluster);
        }
        return switch (store.value()) {
            case "etcd" -> etcd(cluster);
            case "redis" -> new RedisReader(root, cluster, folder()).read();
            default -> {
                cluster.reject(STORE, store, "must be \"etcd\" or \"redis\"");
                yield null;
            }
        };
    }

    private @Nullable EtcdSettings etcd(Section cluster) {
        return new EtcdReader(cluster, folder()).read();
    }

    private Path folder() {
        return file.toAbsolutePath().resolveSibling("");
    }

    private static String prefix(Section cluster) {
        LocatedValue.Text text = cluster.text(PREFIX);
        if (text == null) {
            return ClusterConfig.DEFAULT_PREFIX;
        }
        String prefix = text.value();
        if (prefix.length() > LONGEST_PREFIX || !PREFIX_FORM.matcher(prefix).matches()) {
            cluster.reject(
                    PREFIX,
                    text,
                    "must be names of letters, digits, dots, dashes or underscores, a slash before and after each, such as \""
                            + ClusterConfig.DEFAULT_PREFIX + "\", and at most " + LONGEST_PREFIX + " characters");
        }
        return prefix;
    }

    private List<String> warnings(
            Section cluster, StoreSettings store, @Nullable NodeInfo node, boolean compatibleKeys) {
        List<String> warnings = new ArrayList<>();
        if (compatibleKeys && node != null && !node.nodeId().startsWith(COMPATIBLE_NODE_ID_PREFIX)) {
            warnings.add(warning(
                    cluster,
                    NodeReader.NODE_ID,
                    "does not begin with \"" + COMPATIBLE_NODE_ID_PREFIX
                            + "\", so programs that read SeaTable's own keys will not find this node;"
                            + " rename it, or set " + COMPATIBLE_KEYS + " to false if there are none"));
        }
        boolean redis = store instanceof RedisSettings;
        for (String key : redis ? EtcdReader.KEYS : RedisReader.BLOCK_KEYS) {
            if (cluster.has(key)) {
                String used = redis ? "redis" : "etcd";
                warnings.add(warning(cluster, key, "is not used, because " + STORE + " is \"" + used + "\""));
            }
        }
        return List.copyOf(warnings);
    }

    private String warning(Section cluster, String key, String message) {
        Position at = cluster.at(key);
        return new ConfigProblem(file.toString(), at.line(), at.column(), BLOCK + "." + key, message).toString();
    }
}
