package org.bucketkeeper.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class QuickstartTest {

    @Test
    void saysWhereABaseIsServed() throws Exception {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream before = System.out;
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            Quickstart.main(new String[0]);
        } finally {
            System.setOut(before);
        }

        assertThat(printed.toString(StandardCharsets.UTF_8))
                .startsWith("bucket 3f is served at https://one.example.com/")
                .contains("nobody else may write it; token ");
    }

    @Test
    void isWhatTheReadmeShows() throws Exception {
        String source =
                withoutSpaces(Files.readString(Path.of("src/main/java/org/bucketkeeper/examples/Quickstart.java")));

        String example = readmeExample();

        assertThat(example).hasSizeGreaterThan(400);
        assertThat(source).contains(example);
    }

    private static String readmeExample() throws Exception {
        String readme = Files.readString(Path.of("../README.md"));
        int start = readme.indexOf("```java") + "```java".length();
        String example = readme.substring(start, readme.indexOf("```", start));
        return withoutSpaces(example.replaceAll("// .*", ""));
    }

    private static String withoutSpaces(String text) {
        return text.replaceAll("\\s", "");
    }
}
