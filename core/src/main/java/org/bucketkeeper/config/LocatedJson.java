package org.bucketkeeper.config;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Parses JSON as operators write it into values that know where they stand.
 *
 * <p>Beyond JSON, comments ({@code //}, {@code /* *}{@code /} and {@code #}) are allowed, and so is one comma after
 * the last member of an object or list, which stays behind when the line after it is deleted.
 */
final class LocatedJson {

    static final int MAX_DEPTH = 100;

    private final Path file;
    private final JsonParser parser;

    private LocatedJson(Path file, JsonParser parser) {
        this.file = file;
        this.parser = parser;
    }

    /**
     * Returns the one object that the text holds.
     *
     * @throws ClusterConfigException if the syntax is wrong; the message quotes nothing from the text
     */
    static LocatedValue.Block parse(Path file, String text) {
        try (JsonParser parser = factory().createParser(text)) {
            return new LocatedJson(file, parser).document();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot happen with text in memory", e);
        }
    }

    private static JsonFactory factory() {
        return JsonFactory.builder()
                .enable(
                        JsonReadFeature.ALLOW_JAVA_COMMENTS,
                        JsonReadFeature.ALLOW_YAML_COMMENTS,
                        JsonReadFeature.ALLOW_TRAILING_COMMA)
                .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(MAX_DEPTH)
                        .build())
                .build();
    }

    private LocatedValue.Block document() throws IOException {
        try {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw Problems.only(file, here(), "expected \"{\", which begins the configuration");
            }
            LocatedValue.Block document = block();
            if (parser.nextToken() != null) {
                throw Problems.only(file, here(), SyntaxError.TEXT_AFTER_END);
            }
            return document;
        } catch (JsonProcessingException e) {
            // Not chained as the cause: its message may quote the text next to the error, which may be a password.
            JsonLocation where = e.getLocation() != null ? e.getLocation() : parser.currentLocation();
            throw Problems.only(file, position(where), SyntaxError.explain(e, parser));
        }
    }

    private LocatedValue value(JsonToken token) throws IOException {
        return switch (token) {
            case START_OBJECT -> block();
            case START_ARRAY -> array();
            case VALUE_STRING -> new LocatedValue.Text(here(), parser.getText());
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new LocatedValue.Numeral(here(), parser.getText());
            case VALUE_TRUE -> new LocatedValue.Flag(here(), true);
            case VALUE_FALSE -> new LocatedValue.Flag(here(), false);
            case VALUE_NULL -> new LocatedValue.Null(here());
            case END_OBJECT, END_ARRAY, FIELD_NAME, NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT ->
                throw new IllegalStateException("a JSON parser does not give " + token + " for a value");
        };
    }

    private LocatedValue.Block block() throws IOException {
        Position at = here();
        List<LocatedValue.Member> members = new ArrayList<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            Position nameAt = here();
            String name = parser.currentName();
            members.add(new LocatedValue.Member(nameAt, name, value(parser.nextToken())));
        }
        return new LocatedValue.Block(at, List.copyOf(members));
    }

    private LocatedValue.Array array() throws IOException {
        Position at = here();
        List<LocatedValue> elements = new ArrayList<>();
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            elements.add(value(token));
        }
        return new LocatedValue.Array(at, List.copyOf(elements));
    }

    private Position here() {
        return position(parser.currentToken() == null ? parser.currentLocation() : parser.currentTokenLocation());
    }

    private static Position position(JsonLocation location) {
        return new Position(Math.max(1, location.getLineNr()), Math.max(1, location.getColumnNr()));
    }
}
