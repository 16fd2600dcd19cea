package org.bucketkeeper.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NodeInfoTest {

    private static final URI URL = URI.create("http://a/");

    @ParameterizedTest
    @ValueSource(strings = {"dtable-server-01", "A", "a.b_c-9"})
    void takesANameOfLettersDigitsDotsDashesAndUnderscores(String nodeId) {
        assertThat(new NodeInfo(nodeId, URL, URL, 1).nodeId()).isEqualTo(nodeId);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a/b", "a b", "\u00e4", "a\n"})
    void refusesAnyOtherNameAndShowsIt(String nodeId) {
        assertThatThrownBy(() -> new NodeInfo(nodeId, URL, URL, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("node_id must be 1 to 128 letters")
                .hasMessageContaining("\"" + nodeId.replace('\n', '?') + "\"");
    }

    @Test
    void refusesANameOfMoreThan128Characters() {
        assertThat(NodeInfo.isNodeId("a".repeat(128))).isTrue();
        assertThat(NodeInfo.isNodeId("a".repeat(129))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.example.com", "/path", "ftp://a/", "http:///path", "mailto:a@b"})
    void refusesAUrlThatIsNotAbsoluteAndHttp(String url) {
        assertThatThrownBy(() -> NodeInfo.of("a", url, "http://a/"))
                .hasMessageStartingWith("node_url must be an absolute http or https URL")
                .hasMessageContaining(url);
        assertThatThrownBy(() -> NodeInfo.of("a", "http://a/", url)).hasMessageStartingWith("local_node_url must be");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, NodeInfo.MAX_CAPACITY + 1})
    void refusesACapacityOutsideItsRange(int capacity) {
        assertThatThrownBy(() -> new NodeInfo("a", URL, URL, capacity))
                .hasMessage("capacity must be 1 to 1000000, but is " + capacity);
    }
}
