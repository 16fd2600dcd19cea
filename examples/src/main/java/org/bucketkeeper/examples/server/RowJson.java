package org.bucketkeeper.examples.server;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads and writes rows as clients have them. */
final class RowJson {

    static final int MOST_ROWS = 1_000;

    /** What every database compares in the same way, whatever its collation. */
    private static final Pattern ID = Pattern.compile("[!#-\\[\\]-~]{1,64}");

    /** Writes ASCII, which every database keeps, whatever its character set; reads numbers without rounding them. */
    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS, DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private RowJson() {}

    /**
     * Reads a JSON object.
     *
     * @throws ApiException if it is none
     */
    static JsonNode object(String text) {
        try {
            JsonNode json = JSON.readTree(text);
            if (json.isObject()) {
                return json;
            }
        } catch (JsonProcessingException e) {
            throw bad("bad_json", "the body must be a JSON object, but is not JSON: " + e.getOriginalMessage());
        }
        throw bad("bad_json", "the body must be a JSON object");
    }

    /**
     * Reads the field {@code rows}.
     *
     * @throws ApiException if there is none, or one of the rows cannot be stored
     */
    static List<NewRow> rows(JsonNode json) {
        JsonNode rows = json.path("rows");
        if (!rows.isArray() || rows.isEmpty() || rows.size() > MOST_ROWS) {
            throw bad(
                    "bad_rows",
                    "rows must be an array of 1 to " + MOST_ROWS + " rows, but "
                            + (rows.isArray()
                                    ? "has " + rows.size()
                                    : rows.isMissingNode() ? "is missing" : "is no array"));
        }
        List<NewRow> read = new ArrayList<>();
        for (JsonNode row : rows) {
            read.add(row(row, "rows[" + read.size() + "]"));
        }
        return read;
    }

    private static NewRow row(JsonNode json, String where) {
        if (!(json instanceof ObjectNode row)) {
            throw bad("bad_row", where + " must be an object, but is " + shown(json));
        }
        if (row.has("seq")) {
            throw bad("bad_row", where + ".seq is given by the server; leave it out");
        }
        JsonNode id = row.remove("_id");
        if (id != null && !(id.isTextual() && ID.matcher(id.textValue()).matches())) {
            throw bad(
                    "bad_row",
                    where + "._id must be 1 to 64 ASCII characters without spaces, quotes and backslashes, but is "
                            + shown(id));
        }
        String name = id == null ? UUID.randomUUID().toString().replace("-", "") : id.textValue();
        return new NewRow(name, text(row));
    }

    private static String text(JsonNode json) {
        try {
            return JSON.writeValueAsString(json);
        } catch (JsonProcessingException e) {
            throw bad("bad_row", "a row cannot be written: " + e.getOriginalMessage());
        }
    }

    /** Returns a base, or the end of it, as clients get it over HTTP. */
    static String base(String uuid, Base.Page page) {
        return "{\"dtable_uuid\":\"" + uuid + "\",\"count\":" + page.count() + ",\"rows\":"
                + list(page.rows(), Row::json) + "}";
    }

    /** Returns the answer to what was stored, as clients get it over HTTP. */
    static String saved(List<SavedRow> saved) {
        return "{\"rows\":" + list(saved, SavedRow::json) + "}";
    }

    /** Returns a JSON array of what {@code json} makes of each element. */
    static <T> String list(Collection<T> elements, Function<T, String> json) {
        return elements.stream().map(json).collect(Collectors.joining(",", "[", "]"));
    }

    /** Returns a JSON string, or {@code null}. */
    static String quoted(@Nullable Object text) {
        return text == null ? "null" : text(JSON.getNodeFactory().textNode(text.toString()));
    }

    private static String shown(JsonNode json) {
        String text = json.toString();
        return text.length() <= 80 ? text : text.substring(0, 80) + "...";
    }

    private static ApiException bad(String error, String message) {
        return new ApiException(ApiException.BAD_REQUEST, error, message);
    }
}
