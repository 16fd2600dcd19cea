package org.bucketkeeper.monitor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.internal.text.JsonMappers;

/** Writes and reads the record of one bucket's owners. */
final class TenureJson {

    private static final ObjectMapper JSON = JsonMappers.builder().build();

    private TenureJson() {}

    static String write(List<PastTenure> tenures) {
        ObjectNode json = JSON.createObjectNode();
        ArrayNode array = json.putArray("tenures");
        for (PastTenure tenure : tenures) {
            ObjectNode item = array.addObject()
                    .put("node_id", tenure.nodeId())
                    .put("incarnation", tenure.incarnation())
                    .put("token", tenure.fencingToken())
                    .put("since", tenure.since().toString());
            Instant until = tenure.until();
            if (until != null) {
                item.put("until", until.toString());
            }
        }
        return json.toString();
    }

    /**
     * Reads what {@link #write} writes.
     *
     * @throws IllegalArgumentException if it is anything else
     */
    static List<PastTenure> read(Bucket bucket, String text) {
        try {
            List<PastTenure> tenures = new ArrayList<>();
            for (JsonNode item : JSON.readTree(text).required("tenures")) {
                tenures.add(new PastTenure(
                        bucket,
                        item.required("node_id").asText(),
                        item.path("incarnation").asText(),
                        item.required("token").asLong(),
                        Instant.parse(item.required("since").asText()),
                        item.has("until") ? Instant.parse(item.get("until").asText()) : null));
            }
            return tenures;
        } catch (JsonProcessingException | IllegalArgumentException | DateTimeException e) {
            throw new IllegalArgumentException(
                    "the history of bucket " + bucket + " cannot be read: " + e.getMessage(), e);
        }
    }
}
