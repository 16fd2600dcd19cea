package org.bucketkeeper.internal.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.bucketkeeper.internal.text.JsonMappers;
import org.jspecify.annotations.Nullable;

/**
 * What stands in a claim, and in the mark of a node that leaves: whose it is. It is there to be read by people; what
 * decides is the lease that the key lives under.
 *
 * @param nodeId the node
 * @param incarnation names the run of that node
 */
public record ClaimValue(String nodeId, String incarnation) {

    private static final ObjectMapper JSON = JsonMappers.builder().build();

    /** Returns the text to store. */
    public String toJson() {
        return JSON.createObjectNode()
                .put("node_id", nodeId)
                .put("incarnation", incarnation)
                .toString();
    }

    /** Reads what {@link #toJson()} writes; returns null if it is anything else. */
    public static @Nullable ClaimValue read(String text) {
        try {
            JsonNode json = JSON.readTree(text);
            String nodeId = json.path("node_id").asText("");
            return nodeId.isEmpty()
                    ? null
                    : new ClaimValue(nodeId, json.path("incarnation").asText(""));
        } catch (JsonProcessingException e) {
            return null;
        }
    }
}
