package org.bucketkeeper.examples.load;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bucketkeeper.examples.load.History.SeenRow;
import org.jspecify.annotations.Nullable;

/**
 * Judges a {@link History}: whether what users were told was kept. Needs memory for every row once, and reads the file
 * from top to bottom.
 *
 * <p>An append without a clear outcome may have been done or not: its rows may be there, once.
 */
public final class HistoryChecker {

    /** More would tell nothing new; of each rule, so that none hides another. */
    private static final int MOST_VIOLATIONS_OF_A_RULE = 200;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<Violation> violations = new ArrayList<>();
    private final Map<Long, Operation> underWay = new HashMap<>();
    private final Map<String, BaseRows> bases = new HashMap<>();
    private final Map<String, Long> nextOnConnection = new HashMap<>();
    private final Map<String, Long> lastAcknowledged = new HashMap<>();
    private final Set<String> forbidden = new HashSet<>();
    private final Map<Rule, Integer> found = new EnumMap<>(Rule.class);
    private final List<Watched> watched = new ArrayList<>();
    private boolean finished;
    private int line;
    private long operations;
    private long acknowledgedRows;
    private long failed;
    private long unknown;
    private long reads;
    private long pushes;
    private long longestNanos;

    private HistoryChecker() {}

    /** What a history must not show. */
    public enum Rule {
        /** An acknowledged row is missing from a read that began after the acknowledgement. */
        LOST_ROW,
        /** A row stands in two places. */
        DOUBLED_ROW,
        /** A client's later row stands before an earlier one that was acknowledged before the later one was sent. */
        REORDERED,
        /** The rows of a base are not numbered 1, 2, 3 and so on. */
        GAP,
        /** A read shows less than another that had ended before it began. */
        WENT_BACK,
        /** One place in a base holds two different rows. */
        CONTRADICTION,
        /** A row that nobody has sent. */
        STRANGER,
        /** A WebSocket did not get every row after the first, once, and in order. */
        PUSH_ORDER,
        /** A WebSocket that watched to the end did not get the last rows. */
        PUSH_LOST,
        /** A row is there of which a client was told that it was certainly not stored. */
        RISEN_ROW,
        /** A request failed or its outcome is unknown, or a WebSocket was refused or broken off for want of a server. */
        FAILED_REQUEST,
        /** Rows were acknowledged that no later read has looked for. */
        UNVERIFIED,
        /** A node accepted a row while the scenario says that it must not. */
        FORBIDDEN_WRITE,
        /** A request has no outcome. */
        UNFINISHED,
        /** A line is not what a history holds. */
        UNREADABLE
    }

    /**
     * What is wrong.
     *
     * @param rule what was broken
     * @param line the line that shows it, from 1 on
     * @param message how, for people
     */
    public record Violation(Rule rule, int line, String message) {

        @Override
        public String toString() {
            return rule + " in line " + line + ": " + message;
        }
    }

    /**
     * What the history holds.
     *
     * @param longestMillis how long the operation took that took longest
     */
    public record Summary(
            long operations,
            long acknowledgedRows,
            long failed,
            long unknown,
            long reads,
            long pushes,
            long longestMillis) {}

    /** What was found. */
    public record Verdict(List<Violation> violations, Summary summary) {}

    /** A request that has no outcome yet, and what was known when it was made. */
    private record Operation(
            String kind,
            int line,
            long at,
            String client,
            String base,
            Set<String> ids,
            long lastAcknowledged,
            long acknowledgedInBase,
            int largestRead,
            Set<String> forbidden) {}

    /** What is known of one base. */
    private static final class BaseRows {
        private final Set<String> sent = new HashSet<>();
        private final Set<String> failed = new HashSet<>();
        private final Map<Long, String> bySeq = new HashMap<>();
        private final Map<String, Long> byId = new HashMap<>();
        private long acknowledged;
        private int largestRead;
    }

    /**
     * Judges a history.
     *
     * @throws IOException if the file cannot be read
     */
    public static Verdict check(Path file) throws IOException {
        HistoryChecker checker = new HistoryChecker();
        try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            for (String text = lines.readLine(); text != null; text = lines.readLine()) {
                checker.line++;
                checker.readLine(text);
            }
        }
        return checker.verdict();
    }

    /** How far a WebSocket was when the load ended. */
    private record Watched(int line, String client, String base, long seq) {}

    private Verdict verdict() {
        watched.forEach(this::requireAll);
        bases.forEach((name, rows) -> {
            if (finished && rows.largestRead < rows.acknowledged) {
                broken(Rule.UNVERIFIED, name + " was read up to " + rows.largestRead + " of " + rows.acknowledged);
            }
        });
        underWay.values()
                .forEach(operation ->
                        broken(Rule.UNFINISHED, operation.line(), operation.client() + " in " + operation.base()));
        Summary summary =
                new Summary(operations, acknowledgedRows, failed, unknown, reads, pushes, longestNanos / 1_000_000);
        return new Verdict(List.copyOf(violations), summary);
    }

    private void readLine(String text) {
        try {
            JsonNode event = JSON.readTree(text);
            switch (event.path("event").asText()) {
                case "invoke_append", "invoke_read" -> invoked(event);
                case "appended" -> appended(event);
                case "read" -> wasRead(event);
                case "failed", "unknown" -> failed(event);
                case "connected" -> connected(event);
                case "pushed" -> pushed(event, rows(event));
                case "socket_failed" -> socketFailed(event);
                case "watched" ->
                    watched.add(new Watched(
                            line,
                            event.path("client").asText(),
                            event.path("base").asText(),
                            event.path("seq").asLong()));
                case "mark" -> mark(event);
                default -> broken(Rule.UNREADABLE, "no event that is known");
            }
        } catch (JsonProcessingException e) {
            broken(Rule.UNREADABLE, "no JSON");
        }
    }

    private void invoked(JsonNode event) {
        operations++;
        String client = event.path("client").asText();
        String base = event.path("base").asText();
        BaseRows rows = base(base);
        Set<String> ids = new HashSet<>();
        event.path("ids").forEach(id -> ids.add(id.asText()));
        rows.sent.addAll(ids);
        underWay.put(
                event.path("op").asLong(),
                new Operation(
                        event.path("event").asText(),
                        line,
                        event.path("at_ns").asLong(),
                        client,
                        base,
                        ids,
                        lastAcknowledged.getOrDefault(client + " " + base, 0L),
                        rows.acknowledged,
                        rows.largestRead,
                        Set.copyOf(forbidden)));
    }

    private void appended(JsonNode event) {
        Operation operation = ended(event);
        if (operation == null) {
            return;
        }
        String node = event.path("node").asText();
        if (operation.forbidden().contains(node)) {
            broken(Rule.FORBIDDEN_WRITE, node + " accepted a row of " + operation.client() + " in " + operation.base());
        }
        Set<String> missing = new HashSet<>(operation.ids());
        for (SeenRow row : rows(event)) {
            missing.remove(row.id());
            acknowledgedRows++;
            learn(operation.base(), row);
            if (row.seq() <= operation.lastAcknowledged()) {
                broken(
                        Rule.REORDERED,
                        operation.client() + " got " + row.seq() + " in " + operation.base() + " after "
                                + operation.lastAcknowledged());
            }
            lastAcknowledged.merge(operation.client() + " " + operation.base(), row.seq(), Math::max);
            BaseRows rows = base(operation.base());
            rows.acknowledged = Math.max(rows.acknowledged, row.seq());
        }
        if (!missing.isEmpty()) {
            broken(Rule.LOST_ROW, operation.client() + " got an answer without " + missing + " in " + operation.base());
        }
    }

    private void wasRead(JsonNode event) {
        Operation operation = ended(event);
        if (operation == null) {
            return;
        }
        reads++;
        List<SeenRow> rows = rows(event);
        String base = operation.base();
        for (int i = 0; i < rows.size(); i++) {
            learn(base, rows.get(i));
            if (rows.get(i).seq() != i + 1) {
                broken(Rule.GAP, base + " shows row " + rows.get(i).seq() + " in place " + (i + 1));
                return;
            }
        }
        if (rows.size() < operation.acknowledgedInBase()) {
            broken(
                    Rule.LOST_ROW,
                    base + " shows " + rows.size() + " rows, though " + operation.acknowledgedInBase()
                            + " was acknowledged: " + base(base).bySeq.get(operation.acknowledgedInBase()));
        } else if (rows.size() < operation.largestRead()) {
            broken(Rule.WENT_BACK, base + " shows " + rows.size() + " rows after " + operation.largestRead());
        }
        base(base).largestRead = Math.max(base(base).largestRead, rows.size());
    }

    private void failed(JsonNode event) {
        Operation operation = ended(event);
        if (operation == null) {
            return;
        }
        if (event.path("event").asText().equals("failed")) {
            failed++;
            base(operation.base()).failed.addAll(operation.ids());
        } else {
            unknown++;
        }
        broken(
                Rule.FAILED_REQUEST,
                operation.client() + ", " + operation.kind() + " in " + operation.base() + ", "
                        + event.path("event").asText() + ": "
                        + event.path("why").asText());
    }

    private void socketFailed(JsonNode event) {
        failed++;
        broken(
                Rule.FAILED_REQUEST,
                event.path("client").asText() + ", a WebSocket in "
                        + event.path("base").asText() + ": " + event.path("why").asText());
    }

    private void requireAll(Watched socket) {
        int rows = base(socket.base()).largestRead;
        if (socket.seq() < rows) {
            broken(
                    Rule.PUSH_LOST,
                    socket.line(),
                    socket.client() + " got " + socket.seq() + " of the " + rows + " rows of " + socket.base());
        }
    }

    private void connected(JsonNode event) {
        nextOnConnection.put(
                event.path("connection").asText(), event.path("start").asLong() + 1);
        pushed(event, rows(event));
    }

    private void pushed(JsonNode event, List<SeenRow> rows) {
        pushes++;
        String connection = event.path("connection").asText();
        for (SeenRow row : rows) {
            learn(event.path("base").asText(), row);
            long expected = nextOnConnection.getOrDefault(connection, 1L);
            if (row.seq() != expected) {
                broken(Rule.PUSH_ORDER, connection + " got row " + row.seq() + " in place of " + expected);
            }
            nextOnConnection.put(connection, row.seq() + 1);
        }
    }

    private void mark(JsonNode event) {
        String node = event.path("node").asText();
        switch (event.path("what").asText()) {
            case "finished" -> finished = true;
            case "forbidden" -> forbidden.add(node);
            case "allowed" -> forbidden.remove(node);
            default -> {}
        }
    }

    private void learn(String name, SeenRow row) {
        BaseRows base = base(name);
        if (!base.sent.contains(row.id())) {
            broken(Rule.STRANGER, name + " holds " + row.id() + ", which nobody sent");
        }
        if (base.failed.remove(row.id())) {
            broken(Rule.RISEN_ROW, name + " holds " + row.id() + ", which was said not to be stored");
        }
        Long other = base.byId.putIfAbsent(row.id(), row.seq());
        if (other != null && other != row.seq()) {
            broken(Rule.DOUBLED_ROW, name + " holds " + row.id() + " as " + other + " and as " + row.seq());
            return;
        }
        String before = base.bySeq.putIfAbsent(row.seq(), row.id());
        if (before != null && !before.equals(row.id())) {
            broken(Rule.CONTRADICTION, name + " holds as " + row.seq() + " both " + before + " and " + row.id());
        }
    }

    private @Nullable Operation ended(JsonNode event) {
        Operation operation = underWay.remove(event.path("op").asLong());
        if (operation == null) {
            broken(Rule.UNREADABLE, "the outcome of a request that was not made");
            return null;
        }
        longestNanos = Math.max(longestNanos, event.path("at_ns").asLong() - operation.at());
        return operation;
    }

    private static List<SeenRow> rows(JsonNode event) {
        List<SeenRow> rows = new ArrayList<>();
        event.path("rows")
                .forEach(row ->
                        rows.add(new SeenRow(row.path(0).asLong(), row.path(1).asText())));
        return rows;
    }

    private BaseRows base(String name) {
        return bases.computeIfAbsent(name, any -> new BaseRows());
    }

    private void broken(Rule rule, String message) {
        broken(rule, line, message);
    }

    private void broken(Rule rule, int shownBy, String message) {
        if (found.merge(rule, 1, Integer::sum) <= MOST_VIOLATIONS_OF_A_RULE) {
            violations.add(new Violation(rule, shownBy, message));
        }
    }
}
