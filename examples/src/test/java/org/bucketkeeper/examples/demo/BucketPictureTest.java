package org.bucketkeeper.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.bucketkeeper.assignment.Assignment;
import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.bucket.BucketSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BucketPictureTest {

    private static final List<String> TWO = Tables.nodes(2);
    private static final Assignment TABLE = Tables.dealtTo(TWO);

    @Test
    void showsEachBucketAtItsRowAndColumnBesideTheLegend() {
        List<String> picture = plain().draw(TABLE, BucketSet.EMPTY, TWO);

        assertThat(picture).hasSize(17).startsWith("""
                      0 1 2 3 4 5 6 7 8 9 a b c d e f     node              buckets
                   0  A B A B A B A B A B A B A B A B   A dtable-server-01 128 #################
                   1  A B A B A B A B A B A B A B A B   B dtable-server-02 128 #################
                   2  A B A B A B A B A B A B A B A B
                """.lines().toArray(String[]::new));
    }

    @Test
    void marksWhatMoved() {
        Assignment moved = Tables.with(TABLE, 0x23, TWO.get(0));

        List<String> picture = plain().draw(moved, BucketSet.of(Bucket.of(0x23)), TWO);

        assertThat(picture.get(3)).startsWith("   2  A B A A*A B");
        assertThat(picture.get(4)).endsWith("* moved in this step: 1");
        assertThat(String.join("", picture).replace("* moved", ""))
                .containsOnlyOnce("A*")
                .doesNotContain("B*");
    }

    @Test
    void showsHowMuchOfANodesShareIsNew() {
        BucketSet moved = TABLE.bucketsOf(TWO.get(0));

        List<String> picture = plain().draw(TABLE, moved, TWO);

        assertThat(picture.get(1)).endsWith("A dtable-server-01 128 *****************");
        assertThat(picture.get(2)).endsWith("B dtable-server-02 128 #################");
    }

    @Test
    void showsABucketThatNobodyHasAsAQuestion() {
        List<String> picture = plain().draw(Tables.without(TABLE, 0), BucketSet.EMPTY, TWO);

        assertThat(picture.get(1)).startsWith("   0  ? B");
    }

    @Test
    void listsANodeThatHasNothingWithoutABar() {
        List<String> three = Tables.nodes(3);

        List<String> picture = plain().draw(TABLE, BucketSet.EMPTY, three);

        assertThat(picture.get(3)).endsWith("C dtable-server-03   0");
    }

    @Test
    void showsTheTableOfNobody() {
        List<String> picture = plain().draw(Assignment.unassigned(), BucketSet.EMPTY, List.of());

        assertThat(picture).hasSize(17).allMatch(line -> !line.contains("#"));
    }

    @ParameterizedTest
    @EnumSource(Paint.class)
    void isNeverWiderThanTheTerminal(Paint paint) {
        for (int count = 1; count <= 17; count++) {
            List<String> nodes = Tables.nodes(count);
            Assignment table = Tables.dealtTo(nodes);
            BucketSet moved = table.bucketsOf(nodes.get(count - 1));

            List<String> picture = new BucketPicture(new NodeMarks(), paint).draw(table, moved, nodes);

            assertThat(visible(picture)).as("%s nodes", count).allMatch(line -> line.length() <= 80);
        }
    }

    @ParameterizedTest
    @EnumSource(Paint.class)
    void saysTheSameWithAndWithoutColours(Paint paint) {
        BucketSet moved = TABLE.bucketsOf(TWO.get(1));

        List<String> picture = new BucketPicture(new NodeMarks(), paint).draw(TABLE, moved, TWO);

        List<String> withoutBars = new ArrayList<>();
        visible(plain().draw(TABLE, moved, TWO))
                .forEach(line -> withoutBars.add(line.replace("#", "").stripTrailing()));
        assertThat(visible(picture).stream().map(line -> line.replace("#", "").stripTrailing()))
                .containsExactlyElementsOf(withoutBars);
    }

    private static BucketPicture plain() {
        return new BucketPicture(new NodeMarks(), Paint.PLAIN);
    }

    private static List<String> visible(List<String> lines) {
        return lines.stream()
                .map(line -> line.replaceAll("\u001b\\[[0-9;]*m", ""))
                .toList();
    }
}
