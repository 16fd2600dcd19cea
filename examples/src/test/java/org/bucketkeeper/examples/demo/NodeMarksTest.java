package org.bucketkeeper.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NodeMarksTest {

    private final NodeMarks marks = new NodeMarks();

    @Test
    void givesEachNodeALetterOfItsOwn() {
        assertThat(marks.of("first").letter()).isEqualTo('A');
        assertThat(marks.of("second").letter()).isEqualTo('B');
    }

    @Test
    void keepsANodesMark() {
        NodeMark mark = marks.of("first");
        marks.of("second");

        assertThat(marks.of("first")).isEqualTo(mark);
    }

    @Test
    void hasAColourForEveryNodeOfTheLargestDemonstration() {
        Set<Rgb> colours = new HashSet<>();
        for (int node = 0; node < 17; node++) {
            colours.add(marks.of("node-" + node).colour());
        }

        assertThat(colours).hasSize(17);
    }

    @Test
    void refusesANodeThatItHasNoLetterFor() {
        for (int node = 0; node < NodeMarks.MOST; node++) {
            marks.of("node-" + node);
        }

        assertThatIllegalStateException()
                .isThrownBy(() -> marks.of("one too many"))
                .withMessageContaining("26 nodes");
    }
}
