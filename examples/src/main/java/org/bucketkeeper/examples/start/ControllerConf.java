package org.bucketkeeper.examples.start;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bucketkeeper.examples.program.ProgramException;

/**
 * What an operator's {@code seatable-controller.conf} says: one {@code NAME=value} a line, such as
 * {@code ENABLE_DTABLE_WEB=true}. Immutable.
 */
final class ControllerConf {

    /** What the names of switches begin with. */
    static final String ENABLE = "ENABLE_";

    private static final Pattern LINE =
            Pattern.compile("(?:export\\s+)?([A-Za-z_][A-Za-z0-9_]*)\\s*=\\s*(.*?)(?:\\s+#.*)?");
    private static final Pattern QUOTED = Pattern.compile("\"([^\"]*)\"|'([^']*)'");

    private final Path file;
    private final Map<String, Setting> settings;

    /** A value, and the line that it stands on. */
    private record Setting(String value, int line) {}

    private ControllerConf(Path file, Map<String, Setting> settings) {
        this.file = file;
        this.settings = settings;
    }

    /**
     * Reads a file.
     *
     * @throws ProgramException if it cannot be read or a line is wrong; names file and line
     */
    static ControllerConf read(Path file) {
        List<String> lines;
        try {
            lines = Files.readAllLines(file, StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            throw new ProgramException(file + ": there is no such file", e);
        } catch (IOException e) {
            throw new ProgramException(file + ": cannot be read: " + e.getMessage(), e);
        }
        Map<String, Setting> settings = new LinkedHashMap<>();
        for (int i = 0; i < lines.size(); i++) {
            readLine(file, i + 1, lines.get(i).strip(), settings);
        }
        return new ControllerConf(file, settings);
    }

    private static void readLine(Path file, int number, String line, Map<String, Setting> settings) {
        if (line.isEmpty() || line.startsWith("#")) {
            return;
        }
        Matcher parts = LINE.matcher(line);
        if (!parts.matches()) {
            throw new ProgramException(file + ":" + number + ": expected NAME=value, but found \"" + line + "\"");
        }
        String name = parts.group(1);
        Setting earlier = settings.put(name, new Setting(unquoted(parts.group(2)), number));
        if (earlier != null) {
            throw new ProgramException(
                    file + ":" + number + ": " + name + " is set on line " + earlier.line() + " already");
        }
    }

    private static String unquoted(String value) {
        Matcher quoted = QUOTED.matcher(value);
        if (!quoted.matches()) {
            return value;
        }
        return quoted.group(1) == null ? quoted.group(2) : quoted.group(1);
    }

    /**
     * Tells whether a switch is on.
     *
     * @param unset what to take if the file does not set it
     * @throws ProgramException if it is neither true nor false; names file and line
     */
    boolean isOn(String name, boolean unset) {
        Setting setting = settings.get(name);
        if (setting == null) {
            return unset;
        }
        return switch (setting.value().toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default ->
                throw new ProgramException(file + ":" + setting.line() + ": " + name
                        + " must be true or false, but is \"" + setting.value() + "\"");
        };
    }

    /** Returns the switches that the file sets, in its order. */
    List<String> switches() {
        return settings.keySet().stream()
                .filter(name -> name.startsWith(ENABLE))
                .toList();
    }

    /** Returns the file. */
    @Override
    public String toString() {
        return file.toString();
    }
}
