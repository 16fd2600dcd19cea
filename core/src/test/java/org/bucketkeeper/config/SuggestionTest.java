package org.bucketkeeper.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SuggestionTest {

    private static final List<String> KNOWN =
            List.of("node_id", "node_url", "local_node_url", "etcd_host", "etcd_host_list", "etcd_password", "store");

    @ParameterizedTest
    @CsvSource({
        "node_ulr, node_url",
        "node_ur, node_url",
        "node_urll, node_url",
        "nodeurl, node_url",
        "nodeUrl, node_url",
        "NODE_URL, node_url",
        "node-url, node_url",
        "nodeid, node_id",
        "localNodeUrl, local_node_url",
        "etcd_hosts, etcd_host",
        "etcd_hostlist, etcd_host_list",
        "etcd_pasword, etcd_password",
        "etcd_passwrod, etcd_password",
        "stor, store"
    })
    void aSlipOfThePenIsRecognised(String misspelt, String meant) {
        assertThat(Suggestion.closest(misspelt, KNOWN)).isEqualTo(meant);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "url", "host", "restore_all", "zookeeper", "password", "node"})
    void anotherWordIsNot(String other) {
        assertThat(Suggestion.closest(other, KNOWN)).isNull();
    }

    @Test
    void theClosestOfSeveralIsSuggested() {
        assertThat(Suggestion.closest("etcd_host_lis", List.of("etcd_host_lost", "etcd_host_list")))
                .isEqualTo("etcd_host_list");
    }

    @Test
    void aVeryLongWordIsNotCompared() {
        String longest = "k".repeat(64);

        assertThat(Suggestion.closest(longest, List.of(longest + "k"))).isEqualTo(longest + "k");
        assertThat(Suggestion.closest(longest + "k", List.of(longest + "k"))).isNull();
    }
}
