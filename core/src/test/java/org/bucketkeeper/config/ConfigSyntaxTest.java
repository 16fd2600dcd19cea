package org.bucketkeeper.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What bad syntax is answered with: where it is, and what was expected there in plain words. */
class ConfigSyntaxTest {

    private static final String VALUE =
            "expected a value: text in double quotes, a number, true, false, null, \"[\" or \"{\"";
    private static final String NUMBER = "expected a number such as 90 (no leading zero or plus sign)";
    private static final String NOTHING_MORE = "expected nothing but comments after the configuration's closing \"}\"";
    private static final String BEGIN = "expected \"{\", which begins the configuration";
    private static final String ESCAPE =
            "expected \\\" \\\\ \\/ \\b \\f \\n \\r \\t or \\u and four hex digits; a backslash itself is written \\\\";

    @TempDir
    private Path temporary;

    static Stream<Arguments> badTexts() {
        return Stream.of(
                Arguments.of("{\n\"a\": 1\n\"b\": 2}", "3:1", "expected \",\" or \"}\" after the value before this"),
                Arguments.of("{\"a\": [1 2]}", "1:10", "expected \",\" or \"]\" after the value before this"),
                Arguments.of("{\"a\": \"b\"c\"}", "1:10", "expected \",\" or \"}\" after the value before this"),
                Arguments.of("{\"a\": 1; \"b\": 2}", "1:8", "expected \",\" or \"}\" after the value before this"),
                Arguments.of("{\"a\" 1}", "1:6", "expected \":\" after the key"),
                Arguments.of("{\"a\" = 1}", "1:6", "expected \":\" after the key"),
                Arguments.of("{a: 1}", "1:2", "expected a key in double quotes, or \"}\""),
                Arguments.of("{'a': 1}", "1:2", "expected a key in double quotes, or \"}\""),
                Arguments.of("{\"a\": 1,, \"b\": 2}", "1:9", "expected a key in double quotes, or \"}\""),
                Arguments.of("{,}", "1:2", "expected a key in double quotes, or \"}\""),
                Arguments.of("{\"a\": }", "1:7", VALUE),
                Arguments.of("{\"a\": 'x'}", "1:7", VALUE),
                Arguments.of("{\"a\": dtable}", "1:7", VALUE),
                Arguments.of("{\"a\": True}", "1:7", VALUE),
                Arguments.of("{\"a\": [,]}", "1:8", VALUE),
                Arguments.of("{\"a\": 05}", "1:8", NUMBER),
                Arguments.of("{\"a\": +5}", "1:8", NUMBER),
                Arguments.of("{\"a\": 5.}", "1:8", NUMBER),
                Arguments.of("{\"a\": -}", "1:8", NUMBER),
                Arguments.of("{\n\"a\": [1}", "2:8", "expected \"]\" for the list that begins in line 2"),
                Arguments.of("{\n\"a\": 1]", "2:7", "expected \"}\" for the object that begins in line 1"),
                Arguments.of(
                        "{\n\"a\": {\n\"b\": 1\n",
                        "4:1",
                        "the file ends too early; expected \"}\" for the object" + " that begins in line 2"),
                Arguments.of(
                        "{\"a\": [",
                        "1:8",
                        "the file ends too early; expected \"]\" for the list that begins in" + " line 1"),
                Arguments.of(
                        "{\"a\": \"b",
                        "1:9",
                        "the file ends too early; expected \"}\" for the object that begins" + " in line 1"),
                Arguments.of("// only a note\n", "2:1", BEGIN),
                Arguments.of("{} /* note", "1:11", "the file ends inside a comment; expected \"*/\""),
                Arguments.of("{\"a\": /* note }", "1:16", "the file ends inside a comment; expected \"*/\""),
                Arguments.of("{\"a\": 1 / note\n}", "1:10", "expected \"//\" or \"/*\" to begin a comment"),
                Arguments.of(
                        "{\"a\": \"b\n}",
                        "1:9",
                        "the text is not closed; expected a double quote before the line" + " ends"),
                Arguments.of(
                        "{\"a\": \"b\r\n}",
                        "1:9",
                        "the text is not closed; expected a double quote before the line" + " ends"),
                Arguments.of(
                        "{\"a\": \"b\tc\"}",
                        "1:9",
                        "expected a control character to be written as an escape, a tab" + " as \\t"),
                Arguments.of("{\"a\": \u0000 1}", "1:8", "expected no control character here"),
                Arguments.of("{\"a\": \"C:\\pki\"}", "1:11", ESCAPE),
                Arguments.of("{\"a\": \"\\u12x4\"}", "1:12", ESCAPE),
                Arguments.of("{} x", "1:4", NOTHING_MORE),
                Arguments.of("{}}", "1:3", NOTHING_MORE),
                Arguments.of("{}\n{}", "2:1", NOTHING_MORE),
                Arguments.of("[{}]", "1:1", BEGIN),
                Arguments.of("\"cluster_config\"", "1:1", BEGIN),
                Arguments.of("}", "1:1", BEGIN),
                Arguments.of("\n  <xml>", "2:3", BEGIN),
                Arguments.of("cluster_config = {}", "1:1", BEGIN),
                Arguments.of("{\"a\": " + "[".repeat(200), "1:107", "objects and lists may be nested at most 100 deep"),
                Arguments.of("{\"a\": " + "1".repeat(1200) + "}", "1:1207", "a key or number is too long"));
    }

    @ParameterizedTest
    @MethodSource("badTexts")
    void badSyntaxIsToldWithItsPlaceAndWhatWasExpected(String text, String place, String expected) {
        assertThat(new ConfigFolder(temporary).problemsOf(text))
                .containsExactly("dtable_server_config.json:" + place + ": " + expected);
    }

    @Test
    void placesAreCountedAfterAByteOrderMarkAndWideCharacters() {
        assertThat(new ConfigFolder(temporary).problemsOf("\uFEFF/* 注释\r\n é */ {\"a\" 1}"))
                .containsExactly("dtable_server_config.json:2:12: expected \":\" after the key");
    }
}
