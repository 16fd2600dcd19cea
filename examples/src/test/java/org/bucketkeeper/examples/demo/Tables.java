package org.bucketkeeper.examples.demo;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.bucketkeeper.assignment.Assignment;
import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.bucket.BucketSet;

/** Makes tables for tests. */
final class Tables {

    private Tables() {}

    static List<String> nodes(int count) {
        List<String> nodes = new ArrayList<>();
        for (int number = 1; number <= count; number++) {
            nodes.add(String.format(Locale.ROOT, "dtable-server-%02d", number));
        }
        return nodes;
    }

    /** Returns a table that deals the buckets out in turn. */
    static Assignment dealtTo(List<String> nodes) {
        Map<Bucket, String> owners = new HashMap<>();
        for (Bucket bucket : BucketSet.ALL) {
            owners.put(bucket, nodes.get(bucket.index() % nodes.size()));
        }
        return Assignment.of(1, owners);
    }

    /** Returns a table like another but for one bucket, and one version on. */
    static Assignment with(Assignment table, int bucket, String owner) {
        Map<Bucket, String> owners = new HashMap<>();
        for (Bucket each : BucketSet.ALL) {
            String nodeId = table.nodeOf(each);
            if (nodeId != null) {
                owners.put(each, nodeId);
            }
        }
        owners.put(Bucket.of(bucket), owner);
        return Assignment.of(table.version() + 1, owners);
    }

    /** Returns a table like another but for one bucket that has no owner, and one version on. */
    static Assignment without(Assignment table, int bucket) {
        Map<Bucket, String> owners = new HashMap<>();
        for (Bucket each : BucketSet.ALL.without(Bucket.of(bucket))) {
            String nodeId = table.nodeOf(each);
            if (nodeId != null) {
                owners.put(each, nodeId);
            }
        }
        return Assignment.of(table.version() + 1, owners);
    }
}
