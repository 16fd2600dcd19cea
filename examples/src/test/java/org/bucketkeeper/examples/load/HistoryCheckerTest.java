package org.bucketkeeper.examples.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.bucketkeeper.examples.load.History.SeenRow;
import org.bucketkeeper.examples.load.HistoryChecker.Rule;
import org.bucketkeeper.examples.load.HistoryChecker.Verdict;
import org.bucketkeeper.examples.load.HistoryChecker.Violation;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Doctored histories: a clean one passes, and each rule is broken once, alone. */
class HistoryCheckerTest {

    private static final String BASE = "3f";
    private static final String NODE = "dtable-server-01";

    @TempDir
    private Path folder;

    private Path file;
    private History history;

    @BeforeEach
    void begin() throws IOException {
        file = folder.resolve("history.jsonl");
        history = History.create(file);
    }

    @AfterEach
    void end() throws IOException {
        history.close();
    }

    @Test
    void findsNothingWrongWhereNothingIs() throws IOException {
        append("c", "a", 1);
        connect("w#1", 0, "a");
        append("c", "b", 2);
        history.pushed("w", BASE, "w#1", List.of(new SeenRow(2, "b")));
        read("a", "b");
        connect("w#2", 2);
        append("d", "x", 3);
        history.pushed("w", BASE, "w#2", List.of(new SeenRow(3, "x")));
        read("a", "b", "x");

        Verdict verdict = verdict();

        assertThat(verdict.violations()).isEmpty();
        assertThat(verdict.summary().operations()).isEqualTo(5);
        assertThat(verdict.summary().acknowledgedRows()).isEqualTo(3);
        assertThat(verdict.summary().reads()).isEqualTo(2);
        assertThat(verdict.summary().pushes()).isEqualTo(4);
    }

    @Test
    void findsARowThatWasLost() throws IOException {
        append("c", "a", 1);
        append("c", "b", 2);
        read("a");

        assertBroken(Rule.LOST_ROW, 6);
    }

    @Test
    void asksNoReadForWhatWasAcknowledgedAfterItBegan() throws IOException {
        append("c", "a", 1);
        long reading = history.invokeRead("r", BASE);
        append("c", "b", 2);
        history.read(reading, rows("a"), null);

        assertThat(verdict().violations()).isEmpty();
    }

    @Test
    void findsARowThatIsThereTwice() throws IOException {
        append("c", "a", 1);
        read("a", "a");

        assertBroken(Rule.DOUBLED_ROW, 4);
    }

    @Test
    void findsARowThatWasStoredAgainAndAcknowledgedAgain() throws IOException {
        append("c", "a", 1);
        append("d", "a", 2);

        assertBroken(Rule.DOUBLED_ROW, 4);
    }

    @Test
    void findsRowsInAnotherOrderThanTheyWereSentIn() throws IOException {
        append("c", "a", 2);
        append("c", "b", 1);

        assertBroken(Rule.REORDERED, 4);
    }

    @Test
    void letsRowsThatWereSentTogetherComeInAnyOrder() throws IOException {
        long first = history.invokeAppend("c", BASE, List.of("a"));
        long second = history.invokeAppend("c", BASE, List.of("b"));
        history.appended(second, Map.of("b", 1L), null);
        history.appended(first, Map.of("a", 2L), null);

        assertThat(verdict().violations()).isEmpty();
    }

    @Test
    void findsAGap() throws IOException {
        append("c", "a", 1);
        append("c", "b", 2);
        append("c", "x", 3);
        long reading = history.invokeRead("r", BASE);
        history.read(reading, List.of(new SeenRow(1, "a"), new SeenRow(3, "x")), null);

        assertBroken(Rule.GAP, 8);
    }

    @Test
    void findsAReadThatShowsLessThanAnEarlierOne() throws IOException {
        long unanswered = history.invokeAppend("c", BASE, List.of("a"));
        read("a");
        read();
        history.appended(unanswered, Map.of("a", 1L), null);

        assertBroken(Rule.WENT_BACK, 5);
    }

    @Test
    void findsTwoRowsInOnePlace() throws IOException {
        append("c", "a", 1);
        append("d", "b", 1);

        assertBroken(Rule.CONTRADICTION, 4);
    }

    @Test
    void findsARowThatNobodySent() throws IOException {
        read("a");

        assertBroken(Rule.STRANGER, 2);
    }

    @Test
    void findsAPushThatLeavesARowOut() throws IOException {
        append("c", "a", 1);
        append("c", "b", 2);
        connect("w#1", 0);
        history.pushed("w", BASE, "w#1", List.of(new SeenRow(2, "b")));

        assertBroken(Rule.PUSH_ORDER, 6);
    }

    @Test
    void findsAPushThatRepeatsARow() throws IOException {
        append("c", "a", 1);
        connect("w#1", 0, "a");
        history.pushed("w", BASE, "w#1", List.of(new SeenRow(1, "a")));

        assertBroken(Rule.PUSH_ORDER, 4);
    }

    @Test
    void findsARequestThatFailed() throws IOException {
        history.failed(history.invokeAppend("c", BASE, List.of("a")), "503");

        assertBroken(Rule.FAILED_REQUEST, 2);
    }

    @Test
    void aRowOfUnknownOutcomeMayBeThereOrNot() throws IOException {
        history.unknown(history.invokeAppend("c", BASE, List.of("a")), "reset");
        history.unknown(history.invokeAppend("c", BASE, List.of("b")), "reset");
        append("c", "x", 2);
        read("a", "x");

        assertThat(verdict().violations())
                .extracting(Violation::rule)
                .containsExactly(Rule.FAILED_REQUEST, Rule.FAILED_REQUEST);
        assertThat(verdict().summary().unknown()).isEqualTo(2);
    }

    @Test
    void findsARowThatWasAcceptedByWhomItMustNotBe() throws IOException {
        history.mark("forbidden", Map.of("node", NODE));
        append("c", "a", 1);

        assertBroken(Rule.FORBIDDEN_WRITE, 3);
    }

    @Test
    void aNodeMayAcceptWhatWasSentBeforeOrAfterItWasForbiddenTo() throws IOException {
        long before = history.invokeAppend("c", BASE, List.of("a"));
        history.mark("forbidden", Map.of("node", NODE));
        history.appended(before, Map.of("a", 1L), NODE);
        history.mark("allowed", Map.of("node", NODE));
        append("c", "b", 2);

        assertThat(verdict().violations()).isEmpty();
    }

    @Test
    void findsARequestWithoutAnOutcome() throws IOException {
        history.invokeRead("r", BASE);

        assertBroken(Rule.UNFINISHED, 1);
    }

    @Test
    void findsALineThatIsCutOff() throws IOException {
        append("c", "a", 1);
        history.close();
        Files.writeString(file, Files.readString(file) + "{\"at_ns\":1,\"eve");

        assertBroken(Rule.UNREADABLE, 3);
    }

    @Test
    void findsARowThatWasSaidNotToBeStored() throws IOException {
        history.failed(history.invokeAppend("c", BASE, List.of("a")), "503");
        read("a");

        assertThat(verdict().violations())
                .extracting(Violation::rule)
                .containsExactly(Rule.FAILED_REQUEST, Rule.RISEN_ROW);
    }

    @Test
    void findsAnAcknowledgementWithoutTheRow() throws IOException {
        history.appended(history.invokeAppend("c", BASE, List.of("a")), Map.of(), NODE);

        assertBroken(Rule.LOST_ROW, 2);
    }

    @Test
    void findsAWebSocketThatWasRefusedOrBrokenOff() throws IOException {
        history.socketFailed("w", BASE, "503");

        assertBroken(Rule.FAILED_REQUEST, 1);
        assertThat(verdict().summary().failed()).isEqualTo(1);
    }

    @Test
    void findsAWebSocketThatDidNotGetTheLastRows() throws IOException {
        append("c", "a", 1);
        append("c", "b", 2);
        connect("w#1", 0, "a");
        read("a", "b");
        history.watched("w", BASE, 1);

        assertBroken(Rule.PUSH_LOST, 8);
    }

    @Test
    void findsThatALoadWhichFinishedDidNotReadItsLastRows() throws IOException {
        append("c", "a", 1);
        read("a");
        append("c", "b", 2);
        history.mark("finished", Map.of());

        assertBroken(Rule.UNVERIFIED, 7);
    }

    @Test
    void manyViolationsOfOneRuleHideNoneOfAnother() throws IOException {
        for (int i = 0; i < 2_000; i++) {
            history.failed(history.invokeRead("c", BASE), "503");
        }
        append("c", "a", 1);
        read();

        assertThat(verdict().violations()).extracting(Violation::rule).contains(Rule.LOST_ROW);
    }

    @Test
    void theCommandTellsWhatIsWrongUnlessItIsAllowed() throws IOException {
        history.failed(history.invokeAppend("c", BASE, List.of("a")), "503");

        assertThat(run(file.toString())).startsWith("1 ").contains("FAILED_REQUEST in line 2", "1 things are wrong.");
        assertThat(run("--allow", "FAILED_REQUEST", file.toString()))
                .startsWith("0 ")
                .contains("Nothing is wrong.");
    }

    private static String run(String... arguments) {
        StringWriter out = new StringWriter();
        int exitCode = new CommandLine(new CheckHistoryCommand())
                .setOut(new PrintWriter(out, true))
                .execute(arguments);
        return exitCode + " " + out;
    }

    private void append(String client, String id, long seq) {
        long operation = history.invokeAppend(client, BASE, List.of(id));
        history.appended(operation, Map.of(id, seq), NODE);
    }

    private void read(String... ids) {
        long operation = history.invokeRead("r", BASE);
        history.read(operation, rows(ids), null);
    }

    private void connect(String connection, long start, String... ids) {
        history.connected("w", BASE, connection, start, rows(ids));
    }

    private static List<SeenRow> rows(String... ids) {
        return IntStream.range(0, ids.length)
                .mapToObj(i -> new SeenRow(i + 1, ids[i]))
                .toList();
    }

    private Verdict verdict() throws IOException {
        return HistoryChecker.check(file);
    }

    private void assertBroken(Rule rule, int line) throws IOException {
        List<Violation> violations = verdict().violations();
        assertThat(violations).extracting(Violation::rule).containsExactly(rule);
        assertThat(violations.get(0).line()).isEqualTo(line);
    }
}
