package org.bucketkeeper.membership;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import org.bucketkeeper.driver.ProcessIdentity;
import org.bucketkeeper.internal.text.JsonMappers;
import org.bucketkeeper.store.Entry;
import org.jspecify.annotations.Nullable;

/** Writes and reads the value of a node's registration, and that of its SeaTable-compatible twin. */
final class NodeJson {

    private static final ObjectMapper JSON = JsonMappers.builder().build();

    private NodeJson() {}

    static String registration(NodeInfo info, String incarnation, @Nullable ProcessIdentity process) {
        ObjectNode json = JSON.createObjectNode();
        json.put("node_id", info.nodeId());
        json.put("node_url", info.nodeUrl().toString());
        json.put("local_node_url", info.localNodeUrl().toString());
        json.put("incarnation", incarnation);
        json.put("capacity", info.capacity());
        if (process != null) {
            json.putObject("process")
                    .put("boot_id", process.bootId())
                    .put("namespaces", process.namespaces())
                    .put("user_id", process.userId())
                    .put("pid", process.pid())
                    .put("start_time", process.startTime());
        }
        return json.toString();
    }

    /** Returns the process that wrote a registration; null if it does not say, or says it in another way. */
    static @Nullable ProcessIdentity process(String registration) {
        try {
            JsonNode json = JSON.readTree(registration).path("process");
            boolean whole = json.path("boot_id").isTextual()
                    && json.path("namespaces").isTextual()
                    && json.path("user_id").isIntegralNumber()
                    && json.path("pid").isIntegralNumber()
                    && json.path("start_time").isIntegralNumber();
            return whole
                    ? new ProcessIdentity(
                            json.path("boot_id").textValue(),
                            json.path("namespaces").textValue(),
                            json.path("user_id").longValue(),
                            json.path("pid").longValue(),
                            json.path("start_time").longValue())
                    : null;
        } catch (JsonProcessingException e) {
            return null;
        }
    }

    static String compatible(NodeInfo info) {
        ObjectNode json = JSON.createObjectNode();
        json.put("node_url", info.nodeUrl().toString());
        json.put("local_node_url", info.localNodeUrl().toString());
        return json.toString();
    }

    /**
     * Reads a registration; fields that this version does not know are skipped.
     *
     * @throws IllegalArgumentException if it is none; the message names the key and the field
     */
    static LiveNode read(Entry entry) {
        try {
            JsonNode json = JSON.readTree(entry.value());
            NodeInfo info = new NodeInfo(
                    text(json, "node_id"),
                    URI.create(text(json, "node_url")),
                    URI.create(text(json, "local_node_url")),
                    json.path("capacity").asInt(NodeInfo.DEFAULT_CAPACITY));
            return new LiveNode(info, text(json, "incarnation"), entry.modRevision());
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw new IllegalArgumentException("registration " + entry.key() + " is malformed: " + e.getMessage(), e);
        }
    }

    private static String text(JsonNode json, String field) {
        JsonNode value = json.path(field);
        if (!value.isTextual()) {
            throw new IllegalArgumentException(field + " must be a string, but is " + value);
        }
        return value.textValue();
    }
}
