package org.bucketkeeper.examples.web;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import org.bucketkeeper.routing.BucketRouter;
import org.bucketkeeper.routing.Route;

/** Finds the server of a base. */
@FunctionalInterface
interface ServerLookup {

    /**
     * Returns who serves a base and where browsers reach it, without asking anybody.
     *
     * @param uuid 32 lower-case hex digits
     * @throws org.bucketkeeper.routing.NoOwnerException if nobody serves it now
     */
    ObjectNode find(String uuid);

    /** Finds servers in the cluster's table. */
    static ServerLookup in(BucketRouter router) {
        return uuid -> {
            Route route = router.route(uuid);
            return answer(uuid)
                    .put("node_id", route.node().nodeId())
                    .put("node_url", route.node().nodeUrl().toString())
                    .put("revision", route.revision());
        };
    }

    /** Knows one server for all bases. */
    static ServerLookup alone(URI serverUrl) {
        return uuid -> answer(uuid)
                .putNull("node_id")
                .put("node_url", serverUrl.toString())
                .put("revision", 0);
    }

    private static ObjectNode answer(String uuid) {
        return JsonNodeFactory.instance.objectNode().put("dtable_uuid", uuid);
    }
}
