package org.bucketkeeper.assignment;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.internal.text.JsonMappers;
import org.bucketkeeper.internal.text.ShownText;
import org.bucketkeeper.membership.NodeInfo;
import org.jspecify.annotations.Nullable;

/** Reads the fields of stored documents; whatever does not fit is refused with its path, its value and what belongs there. */
final class JsonFields {

    static final JsonMapper MAPPER = JsonMappers.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private JsonFields() {}

    /** Returns the document, which is an object. */
    static JsonNode parseObject(String document, String json) {
        JsonNode root;
        try {
            root = MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    document + " must be a JSON object, but is " + ShownText.quoted(json) + ": "
                            + e.getOriginalMessage(),
                    e);
        }
        if (!root.isObject()) {
            throw malformed(document, root, "a JSON object");
        }
        return root;
    }

    static JsonNode requireObject(String path, @Nullable JsonNode value) {
        if (value == null || !value.isObject()) {
            throw malformed(path, value, "an object");
        }
        return value;
    }

    static JsonNode requireArray(String path, @Nullable JsonNode value) {
        if (value == null || !value.isArray()) {
            throw malformed(path, value, "an array");
        }
        return value;
    }

    static long requireLong(String path, @Nullable JsonNode value, long min, long max) {
        if (value == null
                || !value.isIntegralNumber()
                || !value.canConvertToLong()
                || value.longValue() < min
                || value.longValue() > max) {
            throw malformed(path, value, "a whole number from " + min + " to " + max);
        }
        return value.longValue();
    }

    static boolean requireBoolean(String path, @Nullable JsonNode value) {
        if (value == null || !value.isBoolean()) {
            throw malformed(path, value, "true or false");
        }
        return value.booleanValue();
    }

    static String requireText(String path, @Nullable JsonNode value) {
        if (value == null || !value.isTextual()) {
            throw malformed(path, value, "a string");
        }
        return value.textValue();
    }

    static String requireNodeId(String path, @Nullable JsonNode value) {
        if (value == null || !value.isTextual() || !NodeInfo.isNodeId(value.textValue())) {
            throw malformed(path, value, "a node id (" + NodeIds.EXPECTED + ")");
        }
        return value.textValue();
    }

    /** Reads a bucket's name that stands as a key of the object at {@code path}, or as the value at it. */
    static Bucket requireBucket(String path, String name) {
        try {
            return Bucket.parse(name);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    path + " must be a bucket (two lower-case hex digits), but is " + ShownText.quoted(name), e);
        }
    }

    private static IllegalArgumentException malformed(String path, @Nullable JsonNode value, String expected) {
        String shown = value == null ? "missing" : ShownText.plain(value.toString());
        return new IllegalArgumentException(path + " must be " + expected + ", but is " + shown);
    }
}
