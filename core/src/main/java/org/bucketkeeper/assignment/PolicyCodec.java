package org.bucketkeeper.assignment;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.bucketkeeper.bucket.Bucket;
import org.jspecify.annotations.Nullable;

/** Writes and reads the policy as programs in any language see it in the store. */
final class PolicyCodec {

    private static final String DOCUMENT = "policy";

    private PolicyCodec() {}

    static String write(Policy policy) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JsonFields.MAPPER.createGenerator(text)) {
            json.writeStartObject();
            writeNodes(json, "cordoned", policy.cordoned());
            writeNodes(json, "draining", policy.draining());
            json.writeObjectFieldStart("pins");
            for (Map.Entry<Bucket, String> pin : policy.pins().entrySet()) {
                json.writeStringField(pin.getKey().toString(), pin.getValue());
            }
            json.writeEndObject();
            json.writeObjectFieldStart("capacities");
            for (Map.Entry<String, Integer> capacity : policy.capacities().entrySet()) {
                json.writeNumberField(capacity.getKey(), capacity.getValue());
            }
            json.writeEndObject();
            json.writeBooleanField("auto_rebalance", policy.automaticBalancing() == AutomaticBalancing.ON);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private static void writeNodes(JsonGenerator json, String field, SortedSet<String> nodeIds) throws IOException {
        json.writeArrayFieldStart(field);
        for (String nodeId : nodeIds) {
            json.writeString(nodeId);
        }
        json.writeEndArray();
    }

    static Policy read(String json) {
        JsonNode root = JsonFields.parseObject(DOCUMENT, json);
        return new Policy(
                readNodes("cordoned", root.get("cordoned")),
                readNodes("draining", root.get("draining")),
                readPins(root.get("pins")),
                readCapacities(root.get("capacities")),
                readAutomaticBalancing(root.get("auto_rebalance")));
    }

    private static SortedSet<String> readNodes(String field, @Nullable JsonNode array) {
        TreeSet<String> nodeIds = new TreeSet<>();
        if (array != null) {
            int i = 0;
            for (JsonNode nodeId : JsonFields.requireArray(path(field), array)) {
                nodeIds.add(JsonFields.requireNodeId(path(field + "[" + i + "]"), nodeId));
                i++;
            }
        }
        return nodeIds;
    }

    private static SortedMap<Bucket, String> readPins(@Nullable JsonNode object) {
        TreeMap<Bucket, String> pins = new TreeMap<>();
        if (object != null) {
            for (Map.Entry<String, JsonNode> pin :
                    JsonFields.requireObject(path("pins"), object).properties()) {
                Bucket bucket = JsonFields.requireBucket(path("pins") + " key", pin.getKey());
                pins.put(bucket, JsonFields.requireNodeId(path("pins." + bucket), pin.getValue()));
            }
        }
        return pins;
    }

    private static SortedMap<String, Integer> readCapacities(@Nullable JsonNode object) {
        TreeMap<String, Integer> capacities = new TreeMap<>();
        if (object != null) {
            for (Map.Entry<String, JsonNode> capacity :
                    JsonFields.requireObject(path("capacities"), object).properties()) {
                String nodeId = NodeIds.require(path("capacities") + " key", capacity.getKey());
                long value = JsonFields.requireLong(
                        path("capacities." + nodeId), capacity.getValue(), 1, NodeCapacity.MAX_CAPACITY);
                capacities.put(nodeId, (int) value);
            }
        }
        return capacities;
    }

    private static AutomaticBalancing readAutomaticBalancing(@Nullable JsonNode value) {
        boolean on = value != null && JsonFields.requireBoolean(path("auto_rebalance"), value);
        return on ? AutomaticBalancing.ON : AutomaticBalancing.OFF;
    }

    private static String path(String field) {
        return DOCUMENT + " " + field;
    }
}
