package org.bucketkeeper.redis;

import java.util.List;
import java.util.stream.Stream;

/** The keys that the store lives in; all with one hash tag, so that Redis Cluster keeps them on one server. */
final class Keys {

    private final String[] inScriptOrder;
    private final String log;

    Keys(String namespace) {
        String tag = "{" + namespace + "}:";
        log = tag + "log";
        inScriptOrder = Stream.of("meta", "entries", "names", "leases", "ttls", "leased", "log", "operations", "recent")
                .map(tag::concat)
                .toArray(String[]::new);
    }

    /** Returns all keys in the order that the scripts name them. */
    String[] inScriptOrder() {
        return inScriptOrder.clone();
    }

    /** Returns the key of the change log. */
    String log() {
        return log;
    }

    @Override
    public String toString() {
        return List.of(inScriptOrder).toString();
    }
}
