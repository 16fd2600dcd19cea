package org.bucketkeeper.ownership;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.internal.text.JsonMappers;
import org.bucketkeeper.internal.text.ShownText;
import org.bucketkeeper.membership.NodeInfo;
import org.jspecify.annotations.Nullable;

/**
 * Tells a client that asked the wrong server which one to ask instead; the same in Java and, as JSON with
 * {@link #HTTP_STATUS}, on the wire.
 *
 * @param bucket the bucket that was asked for
 * @param owner the node that the bucket is assigned to, as this process last heard; null if there is none. It may be
 *     this very process, which is then about to own the bucket: ask again a little later
 * @param revision the revision of the assignment that says so; 0 if none was read yet. Whoever knows of a larger one
 *     knows better
 */
public record NotOwner(Bucket bucket, @Nullable NodeInfo owner, long revision) {

    /** The status to answer with over HTTP: 421 Misdirected Request (RFC 9110, section 15.5.20). */
    public static final int HTTP_STATUS = 421;

    private static final String ERROR = "NOT_OWNER";
    private static final ObjectMapper JSON = JsonMappers.builder().build();

    /**
     * Returns the body to answer with over HTTP, such as {@code {"error":"NOT_OWNER","bucket":"3f","revision":17,
     * "owner":{"node_id":"...","node_url":"...","local_node_url":"..."}}}; {@code owner} is null if there is none.
     */
    public String toJson() {
        ObjectNode json = JSON.createObjectNode();
        json.put("error", ERROR);
        json.put("bucket", bucket.toString());
        json.put("revision", revision);
        NodeInfo node = owner;
        if (node == null) {
            json.putNull("owner");
        } else {
            json.putObject("owner")
                    .put("node_id", node.nodeId())
                    .put("node_url", node.nodeUrl().toString())
                    .put("local_node_url", node.localNodeUrl().toString());
        }
        return json.toString();
    }

    /**
     * Reads what {@link #toJson()} writes; fields that this version does not know are skipped.
     *
     * @throws IllegalArgumentException if it is anything else; the message names the field and the value
     */
    public static NotOwner fromJson(String text) {
        try {
            JsonNode json = JSON.readTree(text);
            if (!ERROR.equals(json.path("error").asText())) {
                throw new IllegalArgumentException("error must be \"" + ERROR + "\"");
            }
            return new NotOwner(
                    Bucket.parse(text(json, "bucket")),
                    owner(json.path("owner")),
                    json.path("revision").asLong());
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "not a refusal of a bucket: " + ShownText.quoted(text) + ": " + e.getMessage(), e);
        }
    }

    private static @Nullable NodeInfo owner(JsonNode json) {
        return json.isObject()
                ? new NodeInfo(
                        text(json, "node_id"),
                        URI.create(text(json, "node_url")),
                        URI.create(text(json, "local_node_url")),
                        NodeInfo.DEFAULT_CAPACITY)
                : null;
    }

    private static String text(JsonNode json, String field) {
        JsonNode value = json.path(field);
        if (!value.isTextual()) {
            throw new IllegalArgumentException(field + " must be a string, but is " + value);
        }
        return value.textValue();
    }
}
