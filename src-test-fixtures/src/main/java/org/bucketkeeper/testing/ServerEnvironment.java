package org.bucketkeeper.testing;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the choice of a real server depends on: the caller's settings, the programs on the PATH and whether a Docker
 * daemon answers.
 *
 * @param properties system properties by name
 * @param variables environment variables by name
 * @param dockerAnswers asked at most once for each choice of a server
 */
record ServerEnvironment(Map<String, String> properties, Map<String, String> variables, BooleanSupplier dockerAnswers) {

    /** The environment of this JVM as it is now. */
    static ServerEnvironment ofThisJvm() {
        Map<String, String> properties = System.getProperties().stringPropertyNames().stream()
                .collect(Collectors.toUnmodifiableMap(name -> name, System::getProperty));
        return new ServerEnvironment(properties, System.getenv(), new DockerProbe(System.getenv())::answers);
    }

    /** The setting {@code name} from the system properties, else from the variable of that name, else null. */
    @Nullable String setting(String name) {
        String property = properties.get(name);
        String value = property != null ? property : variables.get(variableOf(name));
        return value == null || value.isBlank() ? null : value.strip();
    }

    /** The environment variable that means the same as the system property {@code name}. */
    static String variableOf(String name) {
        return name.toUpperCase(Locale.ROOT).replace('.', '_');
    }

    /** The program {@code name} of the highest version in {@code versions/VERSION/bin}, or null if there is none. */
    static @Nullable Path newestProgram(Path versions, String name) {
        if (!Files.isDirectory(versions)) {
            return null;
        }
        try (Stream<Path> folders = Files.list(versions)) {
            return folders.filter(folder -> folder.getFileName().toString().matches("\\d{1,9}"))
                    .sorted(Comparator.comparing(
                            folder -> -Integer.parseInt(folder.getFileName().toString())))
                    .map(folder -> folder.resolve("bin").resolve(name))
                    .filter(Files::isExecutable)
                    .filter(Files::isRegularFile)
                    .findFirst()
                    .orElse(null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The program {@code name} on the PATH, or null if there is none. */
    @Nullable Path programOnPath(String name) {
        String path = variables.getOrDefault("PATH", "");
        return Pattern.compile(File.pathSeparator, Pattern.LITERAL)
                .splitAsStream(path)
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .filter(Files::isRegularFile)
                .findFirst()
                .orElse(null);
    }
}
