package org.bucketkeeper.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.bucketkeeper.membership.NodeInfo;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a good file means. */
class ClusterConfigTest {

    private static final String SERVER = """
            {
              "cluster_config": {
                "etcd_host": "192.168.1.3:2379",  // where etcd is
                "node_id": "dtable-server-01",
                "node_url": "https://dtable-server-01.domain.com/",  // for browsers
                "local_node_url": "http://172.17.30.94/"  // for the intranet
              }
            }
            """;

    private static final String PROXY = """
            {
              "cluster_config": {
                "etcd_host": "192.168.1.3:2379"  // where etcd is
              }
            }
            """;

    private static final String WHOLE_SERVER = """
            {
                "host": "mysql host",
                "user": "mysql user",
                "password": "password",
                "database": "dtable_db",
                "port": 3306,
                "private_key": "xxx",
                "dtable_web_service_url": "xxx",  # where dtable-web is
                "redis_host": "192.168.1.2",   # where redis is
                "redis_port": 6379,
                "redis_password": "",
                "limits": {"rows": [1, 2.5, -3e7], "strict": true, "other": null},
                "cluster_config": {
                    "etcd_host_list": ["192.168.1.3:2379", "192.168.1.4:2379", "192.168.1.5:2379"],
                    "node_id": "dtable-server-02",
                    "node_url": "https://dtable-server-02.domain.com/",
                    "local_node_url": "http://172.17.30.95/"
                }
            }
            """;

    @TempDir
    private Path temporary;

    private ConfigFolder folder;

    @BeforeEach
    void makeFolder() {
        folder = new ConfigFolder(temporary);
    }

    @Test
    void readsTheFileOfAServer() {
        ClusterConfig config = folder.read(SERVER);

        assertThat(config.node())
                .isEqualTo(NodeInfo.of(
                        "dtable-server-01", "https://dtable-server-01.domain.com/", "http://172.17.30.94/"));
        assertThat(config.requireNode()).isSameAs(config.node());
        assertThat(etcd(config).endpoints()).containsExactly(new Endpoint("192.168.1.3", 2379));
        assertThat(config.warnings()).isEmpty();
        assertThat(config.file()).isEqualTo(folder.file());
    }

    @Test
    void readsTheFileOfAProxyWhichHasNoNode() {
        ClusterConfig config = folder.read(PROXY);

        assertThat(config.node()).isNull();
        assertThat(etcd(config).endpoints()).containsExactly(new Endpoint("192.168.1.3", 2379));
    }

    @Test
    void holdsTheDefaultsWithoutAFile() {
        ClusterConfig config = ClusterConfig.of(new EtcdSettings(List.of(new Endpoint("etcd-01", 2379)), null, null));

        ClusterConfig read = folder.read("{\"cluster_config\": {\"etcd_host\": \"etcd-01\"}}");
        assertThat(config.file()).isNull();
        assertThat(config.toString())
                .isEqualTo(read.toString().replace(folder.file().toString(), "null"));
    }

    @Test
    void namesWhatAServerWithoutAFileLacks() {
        ClusterConfig config = ClusterConfig.of(new EtcdSettings(List.of(new Endpoint("etcd-01", 2379)), null, null));

        assertThatExceptionOfType(ClusterConfigException.class)
                .isThrownBy(config::requireNode)
                .withMessage("no configuration file: cluster_config.node_id: is missing; expected text, because this is"
                        + " a server");
    }

    @Test
    void takesAnotherStoreAndNodeAndKeepsTheRest() {
        ClusterConfig config = folder.read(SERVER);
        EtcdSettings other = new EtcdSettings(List.of(new Endpoint("elsewhere", 1)), null, null);
        NodeInfo node = NodeInfo.of("dtable-server-07", "http://seven/", "http://7/");

        ClusterConfig changed = config.withStore(other).withNode(node);

        assertThat(changed.store()).isEqualTo(other);
        assertThat(changed.requireNode()).isEqualTo(node);
        assertThat(changed.sessionTtl()).isEqualTo(config.sessionTtl());
        assertThat(changed.file()).isEqualTo(config.file());
    }

    @ParameterizedTest
    @CsvSource({"etcd-01, etcd-01:2379", "10.0.0.1:4001, 10.0.0.1:4001", "http://[::1]:7, [::1]:7"})
    void readsAnEndpointAsOperatorsWriteIt(String text, String meaning) {
        assertThat(Endpoint.parse(text, 2379)).hasToString(meaning);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "https://etcd-01", "etcd-01:0", "etcd-01:99999"})
    void refusesWhatIsNoEndpoint(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Endpoint.parse(text, 2379))
                .withMessage("must be host or host:port, but is \"" + text + "\"");
    }

    @Test
    void readsTheBlockAmongTheKeysOfOtherPrograms() {
        ClusterConfig config = folder.read(WHOLE_SERVER);

        assertThat(config.requireNode().nodeId()).isEqualTo("dtable-server-02");
        assertThat(etcd(config).endpoints())
                .containsExactly(
                        new Endpoint("192.168.1.3", 2379),
                        new Endpoint("192.168.1.4", 2379),
                        new Endpoint("192.168.1.5", 2379));
    }

    @Test
    void doesNotJudgeTheKeysOfOtherPrograms() {
        ClusterConfig config = folder.read("""
                {
                  "redis_port": "not a number", "redis_port": {"twice": 1, "twice": 2},
                  "cluster_confi": 1,
                  "cluster_config": {"etcd_host": "etcd"},
                  "node_url": "/relative"
                }
                """);

        assertThat(config.store()).isInstanceOf(EtcdSettings.class);
    }

    @Test
    void settingsThatAreLeftOutHaveTheirDefaults() {
        ClusterConfig config = folder.read(PROXY);

        assertThat(config.prefix()).isEqualTo("/bucketkeeper/default/");
        assertThat(config.sessionTtl()).isEqualTo(Duration.ofSeconds(90));
        assertThat(config.monitorTtl()).isEqualTo(Duration.ofSeconds(10));
        assertThat(config.settleTime()).isEqualTo(Duration.ofSeconds(10));
        assertThat(config.massLossHold()).isEqualTo(Duration.ofMinutes(3));
        assertThat(config.requestTimeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(config.autoRebalance()).isFalse();
        assertThat(config.compatibleKeys()).isTrue();
        assertThat(etcd(config).tls()).isNull();
        assertThat(etcd(config).credentials()).isNull();
    }

    @Test
    void everySettingCanBeGiven() {
        ClusterConfig config = folder.read("""
                {"cluster_config": {
                  "store": "etcd", "prefix": "/bucketkeeper/west-1/", "etcd_host": "etcd",
                  "node_id": "west", "node_url": "https://a/", "local_node_url": "http://b:5000", "capacity": 250,
                  "session_ttl_seconds": 30, "monitor_ttl_seconds": 5, "settle_seconds": 0,
                  "mass_loss_hold_seconds": 60, "request_timeout_ms": 250,
                  "auto_rebalance": true, "compatible_keys": false,
                  "etcd_user": "root", "etcd_password": "hidden"
                }}
                """);

        assertThat(config.prefix()).isEqualTo("/bucketkeeper/west-1/");
        assertThat(config.requireNode())
                .isEqualTo(new NodeInfo("west", URI.create("https://a/"), URI.create("http://b:5000"), 250));
        assertThat(config.sessionTtl()).isEqualTo(Duration.ofSeconds(30));
        assertThat(config.monitorTtl()).isEqualTo(Duration.ofSeconds(5));
        assertThat(config.settleTime()).isEqualTo(Duration.ZERO);
        assertThat(config.massLossHold()).isEqualTo(Duration.ofMinutes(1));
        assertThat(config.requestTimeout()).isEqualTo(Duration.ofMillis(250));
        assertThat(config.autoRebalance()).isTrue();
        assertThat(config.compatibleKeys()).isFalse();
        assertThat(etcd(config).credentials()).isEqualTo(new Credentials("root", Secret.of("hidden")));
    }

    @ParameterizedTest
    @CsvSource({
        "session_ttl_seconds,    2,   3600",
        "monitor_ttl_seconds,    2,   3600",
        "settle_seconds,         0,   3600",
        "mass_loss_hold_seconds, 0,   86400",
        "request_timeout_ms,     100, 60000"
    })
    void theEndsOfEachRangeAreInIt(String key, int min, int max) {
        assertThat(folder.readBlock("\"etcd_host\": \"e\", \"" + key + "\": " + min))
                .isNotNull();
        assertThat(folder.readBlock("\"etcd_host\": \"e\", \"" + key + "\": " + max))
                .isNotNull();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 1_000_000})
    void capacityHasTheRangeOfANode(int capacity) {
        ClusterConfig config = folder.readBlock("""
                "etcd_host": "e", "node_id": "n", "node_url": "http://a", "local_node_url": "http://b", "capacity":""" + capacity);

        assertThat(config.requireNode().capacity()).isEqualTo(capacity);
    }

    @Test
    void aNodeIdMayBeAsLongAsANodeTakes() {
        String longest = "n".repeat(128);

        ClusterConfig config = folder.readBlock("""
                "etcd_host": "e", "node_url": "http://a", "local_node_url": "http://b", "node_id": "%s"
                """.formatted(longest));

        assertThat(config.requireNode().nodeId()).isEqualTo(longest);
    }

    @ParameterizedTest
    @ValueSource(strings = {"// %s\n", "/* %s */", "/* %s\n * %s */", "# %s\n"})
    void commentsMayStandAnywhere(String comment) {
        String note = comment.replace("%s", "\"etcd_host\": { [ ' it's a note");

        ClusterConfig config = folder.read(note + "{" + note + "\"cluster_config\"" + note + ":" + note + "{" + note
                + "\"etcd_host\":" + note + "\"e\"" + note + "," + note + "}" + note + "}" + note);

        assertThat(etcd(config).endpoints()).containsExactly(new Endpoint("e", 2379));
    }

    @Test
    void commentMarksInsideTextAreText() {
        ClusterConfig config = folder.readBlock("""
                "etcd_host": "e", "etcd_user": "a//b/*c*/#d", "etcd_password": "#"
                """);

        assertThat(etcd(config).credentials()).isEqualTo(new Credentials("a//b/*c*/#d", Secret.of("#")));
    }

    @Test
    void aCommaMayStayAfterTheLastMember() {
        ClusterConfig config = folder.read("""
                {
                  "cluster_config": {
                    "etcd_host_list": ["a", "b",],
                  },
                }
                """);

        assertThat(etcd(config).endpoints()).hasSize(2);
    }

    @Test
    void aByteOrderMarkIsSkipped() {
        ClusterConfig config = folder.read("\uFEFF" + PROXY);

        assertThat(config.store()).isInstanceOf(EtcdSettings.class);
    }

    @Test
    void linesMayEndAsOnWindows() {
        ClusterConfig config = folder.read(SERVER.replace("\n", "\r\n"));

        assertThat(config.requireNode().nodeId()).isEqualTo("dtable-server-01");
    }

    @Test
    void textOutsideAsciiIsReadAsUtf8() {
        byte[] content = """
                {"cluster_config": {"etcd_host": "e", "etcd_user": "Zoë", "etcd_password": "密码"}} // 注释
                """.getBytes(StandardCharsets.UTF_8);

        ClusterConfig config = folder.read(content);

        assertThat(etcd(config).credentials()).isEqualTo(new Credentials("Zoë", Secret.of("密码")));
    }

    @Test
    void warnsOfANodeThatExistingProgramsWouldNotSee() {
        ClusterConfig config = folder.read(SERVER.replace("dtable-server-01\"", "west-01\""));

        assertThat(config.warnings().stream().map(folder::withoutFolder))
                .containsExactly("dtable_server_config.json:4:5: cluster_config.node_id: does not begin with"
                        + " \"dtable-server-\", so programs that read SeaTable's own keys will not find this node;"
                        + " rename it, or set compatible_keys to false if there are none");
    }

    @Test
    void doesNotWarnOfTheNodeIdWhenNoExistingProgramReadsIt() {
        ClusterConfig config = folder.readBlock("""
                "etcd_host": "e", "node_id": "west", "node_url": "http://a", "local_node_url": "http://b",
                "compatible_keys": false
                """);

        assertThat(config.warnings()).isEmpty();
    }

    @Test
    void readsRedisFromTheKeysThatOtherProgramsUse() {
        ClusterConfig config = folder.read("""
                {
                  "redis_host": "192.168.1.2", "redis_port": 6380, "redis_user": "keeper", "redis_password": "hidden",
                  "redis_db": 3,
                  "cluster_config": {"store": "redis"}
                }
                """);

        assertThat(config.store())
                .isEqualTo(new RedisSettings(
                        List.of(new Endpoint("192.168.1.2", 6380)), null, null, "keeper", Secret.of("hidden"), 3));
    }

    @Test
    void readsWhatTheKeysOfOtherProgramsCannotSayOfRedisFromTheBlock() {
        Path authority = folder.write("ca.pem", "");
        Path certificate = folder.write("cert.pem", "");
        Path key = folder.write("key.pem", "");

        ClusterConfig config = folder.read("""
                {
                  "redis_password": "hidden",
                  "cluster_config": {
                    "store": "redis",
                    "redis_sentinel_primary": "main", "redis_sentinel_list": ["s1", "s2:26380"],
                    "redis_ca_file": "ca.pem", "redis_cert_file": "cert.pem", "redis_key_file": "key.pem"
                  }
                }
                """);

        assertThat(config.store())
                .isEqualTo(new RedisSettings(
                        List.of(new Endpoint("s1", 26379), new Endpoint("s2", 26380)),
                        "main",
                        new TlsFiles(authority, certificate, key),
                        null,
                        Secret.of("hidden"),
                        0));
        assertThat(config.warnings()).isEmpty();
    }

    @Test
    void redisNeedsOnlyAHost() {
        ClusterConfig config = folder.read("""
                {"redis_host": "redis", "cluster_config": {"store": "redis"}}
                """);

        assertThat(config.store()).isEqualTo(RedisSettings.of(new Endpoint("redis", 6379)));
    }

    @Test
    void anEmptyRedisPasswordIsNone() {
        ClusterConfig config = folder.read("""
                {"redis_host": "redis", "redis_password": "", "cluster_config": {"store": "redis"}}
                """);

        assertThat(config.store()).isEqualTo(RedisSettings.of(new Endpoint("redis", 6379)));
    }

    @Test
    void warnsOfRedisKeysThatEtcdMakesUseless() {
        ClusterConfig config = folder.readBlock("\"etcd_host\": \"e\", \"redis_sentinel_primary\": \"main\"");

        assertThat(config.warnings())
                .singleElement()
                .asString()
                .endsWith("cluster_config.redis_sentinel_primary: is not used, because store is \"etcd\"");
    }

    @Test
    void warnsOfEtcdKeysThatRedisMakesUseless() {
        ClusterConfig config = folder.read("""
                {"redis_host": "redis",
                 "cluster_config": {"store": "redis",
                   "etcd_host": "e"}}
                """);

        assertThat(config.warnings().stream().map(folder::withoutFolder))
                .containsExactly(
                        "dtable_server_config.json:3:4: cluster_config.etcd_host: is not used, because store is"
                                + " \"redis\"");
    }

    @ParameterizedTest
    @CsvSource({
        "etcd-01,                etcd-01,      2379, etcd-01:2379",
        "etcd_01:2380,           etcd_01,      2380, etcd_01:2380",
        "192.168.1.3,            192.168.1.3,  2379, 192.168.1.3:2379",
        "[::1],                  ::1,          2379, [::1]:2379",
        "[2001:db8::7]:1,        2001:db8::7,  1,    [2001:db8::7]:1",
        "[::ffff:10.0.0.1]:65535, ::ffff:10.0.0.1, 65535, [::ffff:10.0.0.1]:65535",
        "http://etcd:2379,       etcd,         2379, etcd:2379",
        "http://etcd/,           etcd,         2379, etcd:2379"
    })
    void anEndpointIsAHostAndPerhapsAPort(String text, String host, int port, String shown) {
        ClusterConfig config = folder.readBlock("\"etcd_host\": \"" + text + "\"");

        assertThat(etcd(config).endpoints())
                .containsExactly(new Endpoint(host, port))
                .first()
                .hasToString(shown);
    }

    @ParameterizedTest
    @ValueSource(strings = {"::1", "[::1]"})
    void theRedisHostMayBeAnIpv6AddressWithOrWithoutBrackets(String host) {
        ClusterConfig config = folder.read("""
                {"redis_host": "%s", "cluster_config": {"store": "redis"}}
                """.formatted(host));

        assertThat(config.store()).isEqualTo(RedisSettings.of(new Endpoint("::1", 6379)));
    }

    @Test
    void filesForTlsAreFoundBesideTheConfiguration() {
        Path authority = folder.write("ca.pem", "");
        Path certificate = folder.write("cert.pem", "");
        Path key = folder.write("key.pem", "");

        ClusterConfig config = folder.readBlock("""
                "etcd_host": "https://etcd", "etcd_ca_file": "ca.pem", "etcd_cert_file": "cert.pem",
                "etcd_key_file": "%s"
                """.formatted(key));

        assertThat(etcd(config).tls()).isEqualTo(new TlsFiles(authority, certificate, key));
    }

    @Test
    void filesForTlsAreFoundThroughSymbolicLinks() throws IOException {
        Path elsewhere = Files.createDirectories(temporary.resolve("a/b"));
        Files.createSymbolicLink(temporary.resolve("link"), elsewhere);
        Files.createFile(temporary.resolve("a/ca.pem"));

        ClusterConfig config = folder.readBlock("\"etcd_host\": \"e\", \"etcd_ca_file\": \"link/../ca.pem\"");

        assertThat(etcd(config).tls()).isEqualTo(new TlsFiles(temporary.resolve("link/../ca.pem"), null, null));
    }

    @Test
    void filesForTlsAreFoundWhenTheConfigurationIsNamedWithoutItsFolder() {
        Path pom = Path.of("pom.xml").toAbsolutePath();
        Path relative = Path.of("").toAbsolutePath().relativize(folder.file().toAbsolutePath());
        folder.readBlock("\"etcd_host\": \"e\", \"etcd_ca_file\": \"" + pom + "\"");

        ClusterConfig config = ClusterConfig.read(relative);

        assertThat(etcd(config).tls()).isEqualTo(new TlsFiles(pom, null, null));
        assertThat(config.file()).isEqualTo(relative);
    }

    @Test
    void tlsNeedsOnlyAnAuthority() {
        Path authority = folder.write("ca.pem", "");

        ClusterConfig config = folder.readBlock("\"etcd_host\": \"e\", \"etcd_ca_file\": \"ca.pem\"");

        assertThat(etcd(config).tls()).isEqualTo(new TlsFiles(authority, null, null));
    }

    @Test
    void showsItsSettings() {
        assertThat(folder.read(SERVER).toString())
                .contains(
                        "endpoints=[192.168.1.3:2379]",
                        "dtable-server-01",
                        "sessionTtl=PT1M30S",
                        "compatibleKeys=true");
    }

    private static EtcdSettings etcd(ClusterConfig config) {
        return (EtcdSettings) config.store();
    }
}
