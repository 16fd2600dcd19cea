package org.bucketkeeper.assignment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.bucket.BucketSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AssignmentTest {

    private static final Bucket FIRST = Bucket.of(0);
    private static final Bucket SECOND = Bucket.of(1);
    private static final Bucket LAST = Bucket.of(255);

    private static final Assignment TABLE = Assignment.of(7, Map.of(FIRST, "b", SECOND, "a", LAST, "b"));

    @Test
    void tellsTheNodeOfEachBucket() {
        assertThat(TABLE.nodeOf(FIRST)).isEqualTo("b");
        assertThat(TABLE.nodeOf(SECOND)).isEqualTo("a");
        assertThat(TABLE.nodeOf(Bucket.of(2))).isNull();
    }

    @Test
    void tellsTheBucketsOfEachNode() {
        assertThat(TABLE.bucketsOf("b")).isEqualTo(BucketSet.of(FIRST, LAST));
        assertThat(TABLE.count("b")).isEqualTo(2);
        assertThat(TABLE.bucketsOf("unknown")).isEqualTo(BucketSet.EMPTY);
        assertThat(TABLE.count("unknown")).isZero();
        assertThat(TABLE.nodes()).containsExactly("a", "b");
        assertThat(TABLE.unassignedBuckets().size()).isEqualTo(253);
    }

    @Test
    void startsWithNothingAssigned() {
        Assignment start = Assignment.unassigned();

        assertThat(start.unassignedBuckets()).isEqualTo(BucketSet.ALL);
        assertThat(start.version()).isZero();
        assertThat(start.revision()).isZero();
        assertThat(start.nodes()).isEmpty();
    }

    @Test
    void movesLeadToTheNextVersionAndAreRemembered() {
        List<Move> moves = List.of(
                new Move(FIRST, "b", "c", MoveReason.BALANCE),
                new Move(Bucket.of(2), null, "a", MoveReason.UNASSIGNED));

        Assignment next = TABLE.storedAt(40).next(moves);

        assertThat(next.nodeOf(FIRST)).isEqualTo("c");
        assertThat(next.nodeOf(Bucket.of(2))).isEqualTo("a");
        assertThat(next.nodeOf(LAST)).isEqualTo("b");
        assertThat(next.version()).isEqualTo(8);
        assertThat(next.revision()).isZero();
        assertThat(next.moves()).isEqualTo(moves);
        assertThat(next.differenceTo(TABLE)).isEqualTo(BucketSet.of(FIRST, Bucket.of(2)));
    }

    @Test
    void aMoveFromTheWrongNodeIsRefused() {
        assertThatThrownBy(() -> TABLE.next(List.of(new Move(FIRST, "a", "c", MoveReason.BALANCE))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("from must be the node of bucket 00, which is b, but is a");
        assertThatThrownBy(() -> TABLE.next(List.of(new Move(FIRST, null, "c", MoveReason.UNASSIGNED))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("from must be the node of bucket 00, which is b, but is none");
    }

    @Test
    void aBucketThatMovesTwiceIsRefused() {
        Move move = new Move(FIRST, "b", "c", MoveReason.BALANCE);

        assertThatThrownBy(() -> TABLE.next(List.of(move, move)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("moves must name each bucket once, but name 00 twice");
    }

    @Test
    void aMoveToTheSameNodeIsRefused() {
        assertThatThrownBy(() -> new Move(FIRST, "a", "a", MoveReason.BALANCE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("bucket 00");
    }

    @Test
    void isWrittenAsOtherProgramsReadIt() {
        assertThat(TABLE.toJson()).isEqualTo("{\"version\":7,\"buckets\":{\"00\":\"b\",\"01\":\"a\",\"ff\":\"b\"}}");
    }

    @Test
    void theMovesAreWrittenWithTheirReasons() {
        Assignment next = Assignment.unassigned()
                .next(List.of(new Move(FIRST, null, "a", MoveReason.UNASSIGNED)))
                .next(List.of(new Move(FIRST, "a", "b", MoveReason.OWNER_LOST)));

        assertThat(next.toJson())
                .isEqualTo("{\"version\":2,\"buckets\":{\"00\":\"b\"},"
                        + "\"moves\":[{\"bucket\":\"00\",\"from\":\"a\",\"to\":\"b\",\"reason\":\"owner_lost\"}]}");
        assertThat(Assignment.unassigned()
                        .next(List.of(new Move(FIRST, null, "a", MoveReason.UNASSIGNED)))
                        .toJson())
                .contains("[{\"bucket\":\"00\",\"to\":\"a\",\"reason\":\"unassigned\"}]");
    }

    @Test
    void isReadAsItWasWritten() {
        for (int seed = 0; seed < 200; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            Map<Bucket, String> owners = new HashMap<>();
            for (int b = 0; b < Bucket.COUNT; b++) {
                if (random.nextInt(4) > 0) {
                    owners.put(Bucket.of(b), "dtable-server-" + random.nextInt(12));
                }
            }
            Assignment table = Assignment.of(random.nextLong(Long.MAX_VALUE), owners);
            if (table.version() < Long.MAX_VALUE && !table.unassignedBuckets().isEmpty()) {
                Bucket free = table.unassignedBuckets().iterator().next();
                table = table.next(List.of(new Move(free, null, "n", MoveReason.UNASSIGNED)));
            }

            Assignment read = Assignment.fromJson(table.toJson(), 12);

            assertThat(read).as("seed %d", seed).isEqualTo(table.storedAt(12)).hasSameHashCodeAs(table);
        }
    }

    @Test
    void aTableThatFollowsIsReadLikeAnyOther() {
        Assignment successor = TABLE.next(List.of(
                new Move(FIRST, "b", "a", MoveReason.BALANCE),
                new Move(Bucket.of(2), null, "a", MoveReason.UNASSIGNED)));
        Assignment withNewNode = TABLE.next(List.of(new Move(FIRST, "b", "c", MoveReason.BALANCE)));
        Assignment withoutNode = TABLE.next(List.of(new Move(SECOND, "a", "b", MoveReason.OWNER_LOST)));

        for (Assignment table : List.of(TABLE, successor, withNewNode, withoutNode, Assignment.unassigned())) {
            Assignment read = TABLE.successorFromJson(table.toJson(), 12);

            assertThat(read).isEqualTo(table.storedAt(12));
            assertThat(read.nodes()).isEqualTo(table.nodes());
        }
    }

    @Test
    void aTableThatFollowsIsReadWithoutParsingWhatStayed() {
        Assignment successor = TABLE.next(List.of(new Move(FIRST, "b", "a", MoveReason.BALANCE)));

        assertThat(readAsSuccessorOfTable(successor.toJson())).isEqualTo(successor.storedAt(12));
    }

    @Test
    void aDamagedTableThatFollowsIsReadAsAnyOtherWouldBe() {
        String text = TABLE.next(List.of(new Move(FIRST, "b", "a", MoveReason.BALANCE)))
                .toJson();
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 50_000; i++) {
            String damaged = damaged(text, random);

            Assignment read = readAsSuccessorOfTable(damaged);

            if (read != null) {
                assertThat(read).as(damaged).isEqualTo(Assignment.fromJson(damaged, 12));
            }
        }
    }

    private static @Nullable Assignment readAsSuccessorOfTable(String text) {
        short[] owners = new short[Bucket.COUNT];
        Arrays.fill(owners, (short) -1);
        owners[FIRST.index()] = 1;
        owners[SECOND.index()] = 0;
        owners[LAST.index()] = 1;
        return SuccessorReader.read(text, 12, new String[] {"a", "b"}, owners);
    }

    /** Replaces, leaves out, doubles or exchanges a piece of the text. */
    private static String damaged(String text, SplittableRandom random) {
        int from = random.nextInt(text.length());
        int to = Math.min(text.length(), from + 1 + random.nextInt(12));
        String piece = text.substring(from, to);
        String replacement = switch (random.nextInt(4)) {
            case 0 -> String.valueOf("{}[]\",:-0123456789abcdef_. \\ntu".charAt(random.nextInt(31)));
            case 1 -> "";
            case 2 -> piece + piece;
            default -> {
                int other = random.nextInt(text.length());
                yield text.substring(other, Math.min(text.length(), other + piece.length()));
            }
        };
        return text.substring(0, from) + replacement + text.substring(to);
    }

    @Test
    void whatANewerVersionAddsIsIgnored() {
        Assignment read = Assignment.fromJson(
                "{\"epoch\":{\"a\":1},\"buckets\":{\"0a\":\"x\"},\"version\":3,"
                        + "\"moves\":[{\"bucket\":\"0a\",\"to\":\"x\",\"reason\":\"astrology\",\"by\":\"me\"}]}",
                5);

        assertThat(read.nodeOf(Bucket.of(10))).isEqualTo("x");
        assertThat(read.revision()).isEqualTo(5);
        assertThat(read.moves()).containsExactly(new Move(Bucket.of(10), null, "x", MoveReason.OTHER));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
                    [] | assignment must be a JSON object, but is []
                    {"version":1,"buckets":{} | assignment must be a JSON object, but is "{"version":1,"buckets":{}"
                    {"version":1,"buckets":{}} x | assignment must be a JSON object, but is "{"version":1,"buckets":{}} x"
                    {"buckets":{}} | assignment version must be a whole number from 0 to 9223372036854775807, but is missing
                    {"version":-1,"buckets":{}} | assignment version must be a whole number from 0 to 9223372036854775807, but is -1
                    {"version":"1","buckets":{}} | assignment version must be a whole number from 0 to 9223372036854775807, but is "1"
                    {"version":1.5,"buckets":{}} | assignment version must be a whole number from 0 to 9223372036854775807, but is 1.5
                    {"version":1} | assignment buckets must be an object, but is missing
                    {"version":1,"buckets":[]} | assignment buckets must be an object, but is []
                    {"version":1,"buckets":{"0A":"a"}} | assignment buckets key must be a bucket (two lower-case hex digits), but is "0A"
                    {"version":1,"buckets":{"0a":7}} | assignment buckets.0a must be a node id (1 to 128 letters, digits, dots, dashes or underscores), but is 7
                    {"version":1,"buckets":{"0a":""}} | assignment buckets.0a must be a node id (1 to 128 letters, digits, dots, dashes or underscores), but is ""
                    {"version":1,"buckets":{"0a":"a","0a":"b"}} | assignment must be a JSON object, but is "{"version":1,"buckets":{"0a":"a","0a":"b"}}"
                    {"version":1,"buckets":{},"moves":{}} | assignment moves must be an array, but is {}
                    {"version":1,"buckets":{},"moves":[1]} | assignment moves[0] must be an object, but is 1
                    {"version":1,"buckets":{},"moves":[{"bucket":"zz"}]} | assignment moves[0].bucket must be a bucket (two lower-case hex digits), but is "zz"
                    {"version":1,"buckets":{},"moves":[{"bucket":"00","to":"a"}]} | assignment moves[0].reason must be a string, but is missing
                    {"version":1,"buckets":{},"moves":[{"bucket":"00","from":"a","to":"a","reason":"pin"}]} | assignment moves[0].to must be another node than from, but is "a" as well
                    """)
    void malformedTextIsRefusedWithWhatWasExpected(String json, String message) {
        assertThatThrownBy(() -> Assignment.fromJson(json, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void emptyTextIsRefused() {
        assertThatThrownBy(() -> Assignment.fromJson("", 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("assignment must be a JSON object");
    }

    @Test
    void aNegativeRevisionIsRefused() {
        assertThatThrownBy(() -> TABLE.storedAt(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("revision must be 0 or more, but is -1");
    }

    @Test
    void isShownOnOneLine() {
        assertThat(TABLE).hasToString("Assignment[version=7, revision=0, {a=[01], b=[00, ff]}]");
    }
}
