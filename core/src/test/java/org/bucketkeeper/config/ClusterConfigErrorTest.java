package org.bucketkeeper.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a bad file is answered with: each problem with its line and what was expected, all of them at once. */
class ClusterConfigErrorTest {

    private static final String AT = "dtable_server_config.json:1:";
    private static final String NODE =
            "\"etcd_host\": \"e\", \"node_id\": \"n\", \"node_url\": \"http://a\", \"local_node_url\": \"http://b\", ";

    @TempDir
    private Path temporary;

    private ConfigFolder folder;

    @BeforeEach
    void makeFolder() {
        folder = new ConfigFolder(temporary);
    }

    @Test
    void tellsAllProblemsAtOnceInTheOrderOfTheFile() {
        assertThat(folder.problemsOf("""
                        {
                          "password": "x",
                          "cluster_config": {
                            "etcd_host": 2379,
                            "node_id": "dtable server",  // a space
                            "node_ulr": "https://a/",
                            "local_node_url": "dtable-server-01",
                            /* twice */
                            "auto_rebalance": "yes", "auto_rebalance": false,
                            "session_ttl_seconds": 1
                          }
                        }
                        """))
                .containsExactly(
                        "dtable_server_config.json:4:18: cluster_config.etcd_host: must be text in double quotes, but is"
                                + " 2379",
                        "dtable_server_config.json:5:16: cluster_config.node_id: must be 1 to 128 letters, digits, dots,"
                                + " dashes or underscores, but is \"dtable server\"",
                        "dtable_server_config.json:6:5: cluster_config.node_ulr: is not a known key; did you mean"
                                + " \"node_url\"?",
                        "dtable_server_config.json:7:23: cluster_config.local_node_url: must be an absolute http or https"
                                + " URL, but is \"dtable-server-01\"",
                        "dtable_server_config.json:9:23: cluster_config.auto_rebalance: must be true or false, but is"
                                + " \"yes\"",
                        "dtable_server_config.json:9:30: cluster_config.auto_rebalance: must stand only once, but stands"
                                + " in line 9 too",
                        "dtable_server_config.json:10:28: cluster_config.session_ttl_seconds: must be a whole number from"
                                + " 2 to 3600, but is 1");
    }

    @Test
    void tellsEachProblemAsAValueToo() {
        ClusterConfigException e = catchThrowableOfType(
                ClusterConfigException.class, () -> folder.readBlock("\"etcd_host\": \"e\", \"prefix\": 5"));

        assertThat(e.problems())
                .containsExactly(new ConfigProblem(
                        folder.file().toString(),
                        1,
                        51,
                        "cluster_config.prefix",
                        "must be text in double quotes, but is 5"));
    }

    @Test
    void theErrorCanBeSerialized() throws Exception {
        ClusterConfigException e = catchThrowableOfType(ClusterConfigException.class, () -> folder.read("{}"));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new ObjectOutputStream(bytes).writeObject(e);

        Object copy = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray())).readObject();

        assertThat(((ClusterConfigException) copy).problems()).isEqualTo(e.problems());
    }

    // The file

    @Test
    void theFileMustExist() {
        assertThat(folder.problems(() -> ClusterConfig.read(folder.file())))
                .containsExactly("dtable_server_config.json: the file does not exist");
    }

    @Test
    void theFileMustNotBeADirectory() throws IOException {
        Files.createDirectory(folder.file());

        assertThat(folder.problems(() -> ClusterConfig.read(folder.file())))
                .containsExactly("dtable_server_config.json: must be a file, but is a directory");
    }

    @Test
    void theFileMustBeReadable() throws IOException {
        Files.createSymbolicLink(folder.file(), folder.file());

        assertThat(folder.problems(() -> ClusterConfig.read(folder.file())))
                .singleElement()
                .asString()
                .startsWith("dtable_server_config.json: the file cannot be read: ");
    }

    @Test
    void aMissingPermissionIsNamed() {
        assertThat(ConfigText.reason(new AccessDeniedException("dtable_server_config.json")))
                .isEqualTo("the file cannot be read: permission denied");
    }

    @Test
    void theFileMustNotBeADevice() {
        assertThat(folder.problems(() -> ClusterConfig.read(Path.of("/dev/null"))))
                .containsExactly("/dev/null: must be a regular file, but is a device, pipe or socket");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " \n\t\r\n", "\uFEFF"})
    void theFileMustNotBeEmpty(String text) {
        assertThat(folder.problemsOf(text))
                .containsExactly("dtable_server_config.json:1:1: the file is empty; expected an object with"
                        + " \"cluster_config\"");
    }

    @Test
    void theFileMustNotBeLargerThanAMebibyte() {
        String block = "{\"cluster_config\": {\"etcd_host\": \"e\"}}";
        String largest = block + " ".repeat((1 << 20) - block.length());

        assertThat(folder.read(largest)).isNotNull();
        assertThat(folder.problemsOf(largest + " "))
                .containsExactly("dtable_server_config.json: must not be larger than 1 MiB (1048576 bytes)");
    }

    @Test
    void theFileMustBeUtf8() {
        byte[] latin1 = "{\n  // caf\u00e9\n}".getBytes(StandardCharsets.ISO_8859_1);

        assertThat(folder.problems(() -> folder.read(latin1)))
                .containsExactly(
                        "dtable_server_config.json:2:9: expected text in UTF-8, but found bytes that are none");
    }

    @Test
    void theFileMustNotBeUtf16() {
        assertThat(folder.problems(() -> folder.read("{}".getBytes(StandardCharsets.UTF_16))))
                .containsExactly(
                        "dtable_server_config.json:1:1: expected text in UTF-8, but found bytes that are none");
    }

    // The block

    @Test
    void theBlockMustBeThere() {
        assertThat(folder.problemsOf("\n {\"host\": \"mysql\"}"))
                .containsExactly("dtable_server_config.json:2:2: cluster_config: is missing; expected an object with at"
                        + " least etcd_host");
    }

    @ParameterizedTest
    @ValueSource(strings = {"cluster_conf", "clusterConfig", "cluster-config", "cluster_cofnig"})
    void aMisspeltBlockIsPointedAt(String name) {
        assertThat(folder.problemsOf("{\"a\": 1,\n\"" + name + "\": {\"etcd_host\": \"e\"}}"))
                .containsExactly("dtable_server_config.json:2:1: " + name
                        + ": is not a known key; did you mean \"cluster_config\"?");
    }

    @Test
    void theBlockMustBeAnObject() {
        assertThat(folder.problemsOf("{\"cluster_config\": [\"etcd_host\"]}"))
                .containsExactly(AT + "20: cluster_config: must be an object, but is a list");
    }

    @Test
    void theBlockMustStandOnlyOnce() {
        assertThat(folder.problemsOf("{\"cluster_config\": {\"etcd_host\": \"e\"},\n \"cluster_config\": {}}"))
                .containsExactly(
                        "dtable_server_config.json:2:2: cluster_config: must stand only once, but stands in line"
                                + " 1 too");
    }

    // Keys

    @Test
    void aKeyThatIsLikeNoKnownOneIsAnsweredWithAllOfThem() {
        assertThat(folder.problemsOfBlock("\"etcd_host\": \"e\", \"zookeeper\": 1"))
                .singleElement()
                .asString()
                .startsWith(AT + "41: cluster_config.zookeeper: is not a known key; expected one of node_id, node_url,")
                .contains("local_node_url, capacity, etcd_host, etcd_host_list, etcd_ca_file, etcd_cert_file,"
                        + " etcd_key_file, etcd_user, etcd_password, redis_sentinel_primary, redis_sentinel_list,"
                        + " redis_ca_file, redis_cert_file, redis_key_file, session_ttl_seconds, monitor_ttl_seconds,"
                        + " settle_seconds, mass_loss_hold_seconds, request_timeout_ms, store, prefix,"
                        + " auto_rebalance, compatible_keys");
    }

    @Test
    void aStrangeKeyIsShownHarmlessly() {
        assertThat(folder.problemsOfBlock("\"etcd_host\": \"e\", \"\\n2026 INFO all is well\\u202e\": 1"))
                .singleElement()
                .asString()
                .contains("cluster_config.\"?2026 INFO all is well?\": is not a known key");
    }

    @Test
    void aMisspeltKeyIsNotMissingAsWell() {
        assertThat(folder.problemsOfBlock("\"etcd_hots\": \"e\""))
                .containsExactly(AT + "23: cluster_config.etcd_hots: is not a known key; did you mean \"etcd_host\"?");
    }

    @Test
    void aMisspeltListOfEndpointsStandsForTheEndpoint() {
        assertThat(folder.problemsOfBlock("\"etcd_hosts_list\": [\"e\"]"))
                .containsExactly(AT
                        + "23: cluster_config.etcd_hosts_list: is not a known key; did you mean \"etcd_host_list\"?");
    }

    @Test
    void aMisspeltFileForTlsStandsForTls() {
        assertThat(folder.problemsOfBlock("\"etcd_host\": \"https://e\",\n\"etcd_cafile\": \"ca.pem\""))
                .containsExactly(
                        "dtable_server_config.json:2:1: cluster_config.etcd_cafile: is not a known key; did you"
                                + " mean \"etcd_ca_file\"?");
    }

    @Test
    void aMisspeltKeyOfANodeStandsForANode() {
        assertThat(folder.problemsOfBlock("\"etcd_host\": \"e\", \"node_idd\": \"n\""))
                .hasSize(3)
                .anySatisfy(problem -> assertThat(problem).contains("cluster_config.node_url: is missing"))
                .anySatisfy(problem -> assertThat(problem).contains("cluster_config.local_node_url: is missing"));
    }

    @Test
    void everyRepetitionOfAKeyIsTold() {
        assertThat(folder.problemsOfBlock("\"etcd_host\": \"a\",\n\"etcd_host\": \"b\",\n\"etcd_host\": \"c\""))
                .containsExactly(
                        "dtable_server_config.json:2:1: cluster_config.etcd_host: must stand only once, but stands in"
                                + " line 1 too",
                        "dtable_server_config.json:3:1: cluster_config.etcd_host: must stand only once, but stands in"
                                + " line 1 too");
    }

    // The node

    @Test
    void aNodeNeedsAllItsKeys() {
        assertThat(folder.problemsOfBlock("\"etcd_host\": \"e\", \"node_id\": \"dtable-server-01\""))
                .containsExactly(
                        AT
                                + "21: cluster_config.node_url: is missing; expected all of node_id, node_url, local_node_url,"
                                + " or none in a file for no server",
                        AT + "21: cluster_config.local_node_url: is missing; expected all of node_id, node_url,"
                                + " local_node_url, or none in a file for no server");
    }

    @Test
    void aCapacityAloneIsNoNode() {
        assertThat(folder.problemsOfBlock("\"etcd_host\": \"e\", \"capacity\": 5"))
                .hasSize(3);
    }

    @Test
    void aServerCannotDoWithoutItsNode() {
        ClusterConfig proxy = folder.read("{\n  \"cluster_config\":\n  {\"etcd_host\": \"e\"}}");

        assertThat(folder.problems(proxy::requireNode))
                .containsExactly(
                        "dtable_server_config.json:3:3: cluster_config.node_id: is missing; expected text, because this"
                                + " is a server",
                        "dtable_server_config.json:3:3: cluster_config.node_url: is missing; expected text, because this"
                                + " is a server",
                        "dtable_server_config.json:3:3: cluster_config.local_node_url: is missing; expected text, because"
                                + " this is a server");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "dtable-server-01           | must be an absolute http or https URL",
                "''                         | must be an absolute http or https URL",
                "/path                      | must be an absolute http or https URL",
                "//host/path                | must be an absolute http or https URL",
                "ftp://host/                | must be an absolute http or https URL",
                "http:                      | must be an absolute http or https URL",
                "http:host                  | must be an absolute http or https URL",
                "http:///path               | must be an absolute http or https URL",
                "http://a b/                | must be an absolute http or https URL",
                "dtable-server-01:5000      | must be an absolute http or https URL",
                "http://dtable_server_01/   | must have a valid host (letters, digits, dots and dashes, no underscore)",
                "http://host:0/             | must have a port from 1 to 65535, or none",
                "http://host:65536/         | must have a port from 1 to 65535, or none",
                "http://host/?a=b           | must have no \"?\" or \"#\"",
                "http://host/#top           | must have no \"?\" or \"#\""
            })
    void aNodesUrlMustBeAbsoluteAndPlain(String url, String expected) {
        assertThat(folder.problemsOfBlock("""
                        "etcd_host": "e", "node_id": "n", "local_node_url": "http://b",
                        "node_url": "%s"
                        """.formatted(url)))
                .containsExactly("dtable_server_config.json:2:13: cluster_config.node_url: " + expected + ", but is \""
                        + url + "\"");
    }

    @Test
    void aNodesUrlMustHoldNoPassword() {
        assertThat(folder.problemsOfBlock("""
                        "etcd_host": "e", "node_id": "n", "local_node_url": "http://b",
                        "node_url": "http://u:p/w@host/"
                        """))
                .containsExactly(
                        "dtable_server_config.json:2:13: cluster_config.node_url: must have a valid host (letters, digits, dots and"
                                + " dashes, no underscore), but is \"http://***@host/\"");
        assertThat(folder.problemsOfBlock("""
                        "etcd_host": "e", "node_id": "n", "local_node_url": "http://b",
                        "node_url": "http://u:pw@host/"
                        """))
                .containsExactly(
                        "dtable_server_config.json:2:13: cluster_config.node_url: must hold no user or password, but is"
                                + " \"http://***@host/\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"0", "-1", "1000001", "2147483648", "99999999999999999999", "1.0", "1e2", "\"100\"", "null"})
    void aCapacityMustBeInItsRange(String capacity) {
        assertThat(folder.problemsOfBlock(NODE + "\n\"capacity\": " + capacity))
                .containsExactly(
                        "dtable_server_config.json:2:13: cluster_config.capacity: must be a whole number from 1 to 1000000, but is "
                                + capacity);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a/b", "a b", "é"})
    void aNodeIdMustBeAName(String nodeId) {
        assertThat(folder.problemsOfBlock("""
                        "etcd_host": "e", "node_url": "http://a", "local_node_url": "http://b", "node_id": "%s"
                        """.formatted(nodeId)))
                .singleElement()
                .asString()
                .endsWith("must be 1 to 128 letters, digits, dots, dashes or underscores, but is \"" + nodeId + "\"");
    }

    @Test
    void aLongValueIsCutInTheError() {
        assertThat(folder.problemsOfBlock("""
                        "etcd_host": "e", "node_url": "http://a", "local_node_url": "http://b", "node_id": "%s"
                        """.formatted("n".repeat(100_000))))
                .singleElement()
                .asString()
                .endsWith("but is \"" + "n".repeat(100) + "...\"");
    }

    // Types and ranges

    @ParameterizedTest
    @CsvSource({
        "session_ttl_seconds,    2,   3600",
        "monitor_ttl_seconds,    2,   3600",
        "settle_seconds,         0,   3600",
        "mass_loss_hold_seconds, 0,   86400",
        "request_timeout_ms,     100, 60000"
    })
    void aNumberMustBeInItsRange(String key, int min, int max) {
        int column = 23 + "\"etcd_host\": \"e\", ".length() + key.length() + 4;
        String expected =
                AT + column + ": cluster_config." + key + ": must be a whole number from " + min + " to " + max;

        for (String wrong : new String[] {"" + (min - 1), "" + (max + 1), "5.5", "\"5\"", "true", "null"}) {
            assertThat(folder.problemsOfBlock("\"etcd_host\": \"e\", \"" + key + "\": " + wrong))
                    .containsExactly(expected + ", but is " + wrong);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto_rebalance", "compatible_keys"})
    void aSwitchMustBeTrueOrFalse(String key) {
        for (String wrong : new String[] {"1", "\"true\"", "null"}) {
            assertThat(folder.problemsOfBlock("\"etcd_host\": \"e\", \"" + key + "\": " + wrong))
                    .singleElement()
                    .asString()
                    .endsWith(key + ": must be true or false, but is " + wrong);
        }
    }

    @ParameterizedTest
    @CsvSource({"5, 5", "true, true", "null, null", "[], a list", "{}, an object"})
    void textMustBeText(String value, String shown) {
        for (String key : new String[] {"node_id", "node_url", "local_node_url", "prefix", "store", "etcd_ca_file"}) {
            assertThat(folder.problemsOfBlock("\"etcd_host\": \"e\", \"" + key + "\": " + value))
                    .as(key)
                    .anySatisfy(problem ->
                            assertThat(problem).endsWith(key + ": must be text in double quotes, but is " + shown));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "//", "a/", "/a", "/a//b/", "/a b/", "/{tag}/", "/a/*/"})
    void aPrefixMustBeginAndEndWithASlash(String prefix) {
        assertThat(folder.problemsOfBlock("\"etcd_host\": \"e\", \"prefix\": \"" + prefix + "\""))
                .containsExactly(AT + "51: cluster_config.prefix: must be names of letters, digits, dots, dashes or"
                        + " underscores, a slash before and after each, such as \"/bucketkeeper/default/\", and at most"
                        + " 200 characters, but is \"" + prefix + "\"");
    }

    @Test
    void aPrefixMustNotBeTooLong() {
        String longest = "/" + "p".repeat(198) + "/";

        assertThat(folder.readBlock("\"etcd_host\": \"e\", \"prefix\": \"" + longest + "\"")
                        .prefix())
                .isEqualTo(longest);
        assertThat(folder.problemsOfBlock("\"etcd_host\": \"e\", \"prefix\": \"/p" + longest.substring(1) + "\""))
                .hasSize(1);
    }

    @Test
    void theStoreMustBeAKnownOne() {
        assertThat(folder.problemsOfBlock("\"store\": \"memory\""))
                .containsExactly(AT + "32: cluster_config.store: must be \"etcd\" or \"redis\", but is \"memory\"");
    }

    // etcd

    @Test
    void etcdNeedsAnEndpoint() {
        assertThat(folder.problemsOfBlock(""))
                .containsExactly(
                        AT + "21: cluster_config.etcd_host: is missing; expected \"host:port\", or a list of them in"
                                + " etcd_host_list");
    }

    @Test
    void etcdHostAndEtcdHostListExcludeEachOther() {
        assertThat(folder.problemsOfBlock("\"etcd_host\": \"a\",\n\"etcd_host_list\": [\"b\"]"))
                .containsExactly("dtable_server_config.json:2:1: cluster_config.etcd_host_list: must not stand beside"
                        + " etcd_host; expected one of the two");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":2379",
                "a:",
                "a:0",
                "a:65536",
                "a:123456",
                "a:b",
                "a b",
                "a,b",
                "a:1,b:1",
                "::1",
                "[]",
                "[a]:1",
                "[::1",
                "::1]:1",
                "[::1]x",
                "[1.2.3.4]:1",
                "[:::]:1",
                "a/",
                "a:1/",
                "ftp://a",
                "http://",
                "http://a/b",
                "a:-1",
                "-a"
            })
    void anEndpointMustBeAHostAndAPort(String endpoint) {
        assertThat(folder.problemsOfBlock("\"etcd_host\": \"" + endpoint + "\""))
                .containsExactly(AT
                        + "36: cluster_config.etcd_host: must be \"host:port\" (port 1 to 65535, 2379 if left"
                        + " out; an IPv6 address in brackets; several in etcd_host_list), but is \"" + endpoint + "\"");
    }

    @Test
    void anEndpointMustHoldNoPassword() {
        assertThat(folder.problemsOfBlock("\"etcd_host\": \"http://root:hidden@etcd:2379\""))
                .singleElement()
                .asString()
                .endsWith("but is \"http://***@etcd:2379\"");
    }

    @ParameterizedTest
    @CsvSource({"[], a list", "\"a\", \"\"\"a\"\"\"", "{}, an object"})
    void theListOfEndpointsMustBeOne(String value) {
        assertThat(folder.problemsOfBlock("\"etcd_host_list\": " + value))
                .singleElement()
                .asString()
                .contains("cluster_config.etcd_host_list: must be a list of one or more \"host:port\", but is ");
    }

    @Test
    void everyEndpointOfTheListIsChecked() {
        assertThat(folder.problemsOfBlock("\"etcd_host_list\": [\n\"a\",\n7,\n\"A:2379\",\n\"x:y\"]"))
                .satisfiesExactly(
                        number -> assertThat(number)
                                .isEqualTo(
                                        "dtable_server_config.json:3:1: cluster_config.etcd_host_list[1]: must be text"
                                                + " in double quotes, but is 7"),
                        twice -> assertThat(twice)
                                .isEqualTo("dtable_server_config.json:4:1: cluster_config.etcd_host_list[2]: must not"
                                        + " stand in the list twice, but is \"A:2379\""),
                        malformed -> assertThat(malformed)
                                .startsWith("dtable_server_config.json:5:1: cluster_config.etcd_host_list[3]: must be"
                                        + " \"host:port\""));
    }

    @Test
    void anHttpsEndpointNeedsFilesForTls() {
        assertThat(folder.problemsOfBlock("\"etcd_host\": \"https://etcd:2379\""))
                .containsExactly(
                        AT + "36: cluster_config.etcd_host: must not begin with https:// unless etcd_ca_file is"
                                + " given, but is \"https://etcd:2379\"");
    }

    @Test
    void anHttpEndpointContradictsFilesForTls() {
        folder.write("ca.pem", "");

        assertThat(folder.problemsOfBlock("\"etcd_host\": \"http://etcd:2379\", \"etcd_ca_file\": \"ca.pem\""))
                .containsExactly(AT + "36: cluster_config.etcd_host: must not begin with http:// when files for TLS are"
                        + " given, but is \"http://etcd:2379\"");
    }

    @Test
    void filesForTlsMustExist() {
        assertThat(folder.problemsOfBlock("\"etcd_host\": \"e\", \"etcd_ca_file\": \"pki/ca.pem\""))
                .containsExactly(AT + "57: cluster_config.etcd_ca_file: must name a readable file (relative to "
                        + temporary + "), but is \"pki/ca.pem\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "a\\u0000b"})
    void filesForTlsMustBeFiles(String name) {
        assertThat(folder.problemsOfBlock("\"etcd_host\": \"e\", \"etcd_ca_file\": \"" + name + "\""))
                .singleElement()
                .asString()
                .contains("cluster_config.etcd_ca_file: must name a readable file");
    }

    @ParameterizedTest
    @CsvSource({"etcd_cert_file, etcd_key_file", "etcd_key_file, etcd_cert_file"})
    void certificateAndKeyGoTogether(String given, String other) {
        folder.write("it.pem", "");

        assertThat(folder.problemsOfBlock("\"etcd_host\": \"e\", \"" + given + "\": \"it.pem\""))
                .containsExactly(AT + "21: cluster_config." + other + ": is missing; expected a file, because " + given
                        + " is given");
    }

    @ParameterizedTest
    @CsvSource({"etcd_user, etcd_password", "etcd_password, etcd_user"})
    void userAndPasswordGoTogether(String given, String other) {
        assertThat(folder.problemsOfBlock("\"etcd_host\": \"e\", \"" + given + "\": \"it\""))
                .containsExactly(AT + "21: cluster_config." + other + ": is missing; expected text, because " + given
                        + " is given");
    }

    @Test
    void userAndPasswordMustNotBeEmpty() {
        assertThat(folder.problemsOfBlock("\"etcd_host\": \"e\", \"etcd_user\": \"\", \"etcd_password\": \"\""))
                .containsExactly(
                        AT + "54: cluster_config.etcd_user: must not be empty",
                        AT + "75: cluster_config.etcd_password: must not be empty");
    }

    // Redis

    @Test
    void redisNeedsAHost() {
        assertThat(folder.problemsOfBlock("\"store\": \"redis\""))
                .containsExactly(AT + "1: redis_host: is missing; expected a host name or address, because store is"
                        + " \"redis\"");
    }

    @Test
    void theKeysOfRedisAreChecked() {
        assertThat(folder.problemsOf("""
                        {"redis_host": "redis:6379",
                         "redis_port": 0,
                         "redis_password": 5,
                         "redis_user": true,
                         "redis_db": -1,
                         "redis_db": 1,
                         "cluster_config": {"store": "redis"}}
                        """))
                .containsExactly(
                        "dtable_server_config.json:1:16: redis_host: must be a host name or address without a port, which"
                                + " stands in redis_port, but is \"redis:6379\"",
                        "dtable_server_config.json:2:16: redis_port: must be a whole number from 1 to 65535, but is 0",
                        "dtable_server_config.json:3:20: redis_password: must be text in double quotes, but is a number",
                        "dtable_server_config.json:4:16: redis_user: must be text in double quotes, but is true",
                        "dtable_server_config.json:5:14: redis_db: must be a whole number from 0 to 65535, but is -1",
                        "dtable_server_config.json:6:2: redis_db: must stand only once, but stands in line 5 too");
    }

    @Test
    void aRedisUserNeedsAPassword() {
        assertThat(folder.problemsOf("""
                        {"redis_host": "r", "redis_user": "u", "cluster_config": {"store": "redis"}}
                        """))
                .containsExactly(AT + "1: redis_password: is missing; expected text, because redis_user is given");
        assertThat(folder.problemsOf("""
                        {"redis_host": "r", "redis_user": "u",
                         "redis_password": "", "cluster_config": {"store": "redis"}}
                        """))
                .containsExactly("dtable_server_config.json:2:20: redis_password: must not be empty, because redis_user"
                        + " is given");
    }

    @Test
    void aPrimaryNeedsItsSentinels() {
        assertThat(folder.problemsOfBlock("\"store\": \"redis\", \"redis_sentinel_primary\": \"main\""))
                .containsExactly(
                        AT + "21: cluster_config.redis_sentinel_list: is missing; expected a list of one or more"
                                + " \"host:port\", because redis_sentinel_primary is given");
        assertThat(folder.problemsOfBlock("\"store\": \"redis\", \"redis_sentinel_list\": [\"s\"]"))
                .containsExactly(
                        AT + "21: cluster_config.redis_sentinel_primary: is missing; expected the name that the"
                                + " sentinels know the primary by, because redis_sentinel_list is given");
    }

    @Test
    void sentinelsAreChecked() {
        assertThat(folder.problemsOfBlock("\"store\": \"redis\", \"redis_sentinel_primary\": \"\","
                        + " \"redis_sentinel_list\": [\"s:0\", \"http://s\", 5, \"s\", \"S:26379\"]"))
                .satisfiesExactly(
                        name -> assertThat(name)
                                .endsWith(
                                        "redis_sentinel_primary: must be the name that the sentinels know the primary by,"
                                                + " but is \"\""),
                        port -> assertThat(port)
                                .endsWith(
                                        "redis_sentinel_list[0]: must be \"host:port\" (port 1 to 65535, 26379 if left"
                                                + " out; an IPv6 address in brackets), but is \"s:0\""),
                        scheme -> assertThat(scheme)
                                .contains("redis_sentinel_list[1]: must be")
                                .endsWith("\"http://s\""),
                        number -> assertThat(number)
                                .endsWith("redis_sentinel_list[2]: must be text in double quotes, but is 5"),
                        twice -> assertThat(twice)
                                .endsWith("redis_sentinel_list[4]: must not stand in the list twice, but is"
                                        + " \"S:26379\""));
    }

    @Test
    void theCertificateForRedisNeedsItsKey() {
        folder.write("cert.pem", "");

        assertThat(folder.problemsOf("""
                        {"redis_host": "r", "cluster_config": {"store": "redis", "redis_cert_file": "cert.pem"}}
                        """))
                .containsExactly(AT + "39: cluster_config.redis_key_file: is missing; expected a file, because"
                        + " redis_cert_file is given");
    }
}
