package org.bucketkeeper.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A password is shown nowhere, whatever is wrong with the file. */
class ConfigSecretsTest {

    private static final String SECRET = "hunter2secret";

    @TempDir
    private Path temporary;

    private ConfigFolder folder;

    @BeforeEach
    void makeFolder() {
        folder = new ConfigFolder(temporary);
    }

    @Test
    void aConfigurationThatUsesEtcdShowsNoPassword() {
        ClusterConfig config = folder.readBlock(
                "\"etcd_host\": \"e\", \"etcd_user\": \"root\", \"etcd_password\": \"" + SECRET + "\"");

        assertThat(((EtcdSettings) config.store()).credentials())
                .isEqualTo(new Credentials("root", Secret.of(SECRET)))
                .asString()
                .isEqualTo("Credentials[user=root, password=***]");
        assertThat(config.toString()).contains("password=***").doesNotContain(SECRET);
    }

    @Test
    void aConfigurationThatUsesRedisShowsNoPassword() {
        ClusterConfig config = folder.read("{\"redis_host\": \"r\", \"redis_password\": \"" + SECRET
                + "\", \"cluster_config\": {\"store\": \"redis\"}}");

        assertThat(((RedisSettings) config.store()).password()).isEqualTo(Secret.of(SECRET));
        assertThat(config.toString()).contains("password=***").doesNotContain(SECRET);
    }

    @Test
    void aSecretIsGivenAwayOnlyWhenAsked() {
        Secret secret = Secret.of(SECRET);

        assertThat(secret.reveal()).isEqualTo(SECRET);
        assertThat(secret).hasToString("***");
        assertThat("" + secret).isEqualTo("***");
    }

    @Test
    void secretsAreEqualIfTheirTextIs() {
        assertThat(Secret.of("a")).isEqualTo(Secret.of("a")).hasSameHashCodeAs(Secret.of("a"));
        assertThat(Secret.of("a")).isNotEqualTo(Secret.of("b"));
    }

    @Test
    void parsedValuesShowNoText() {
        LocatedValue.Block block =
                LocatedJson.parse(folder.file(), "{\"a\": \"" + SECRET + "\", \"b\": [\"" + SECRET + "\", 87654321]}");

        assertThat(block.toString()).doesNotContain(SECRET).doesNotContain("87654321");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"etcd_host\": \"e\", \"etcd_password\": \"$\"",
                "\"etcd_host\": \"e\", \"etcd_user\": \"$\"",
                "\"etcd_host\": \"e\", \"etcd_user\": \"\", \"etcd_password\": \"$\"",
                "\"etcd_host\": \"e\", \"etcd_user\": [\"$\"], \"etcd_password\": {\"$\": \"$\"}",
                "\"etcd_host\": \"e\", \"etcd_user\": \"u\", \"etcd_pasword\": \"$\"",
                "\"etcd_host\": \"e\", \"etcd_user\": \"u\", \"pass\": \"$\"",
                "\"etcd_host\": \"e\", \"etcd_user\": \"u\", \"etcd_password\": \"$\", \"etcd_password\": \"$\"",
                "\"etcd_host\": \"e\", \"etcd_user\": \"u\", \"etcd_password\": $",
                "\"etcd_host\": \"e\", \"etcd_user\": \"u\", \"etcd_password\": '$'",
                "\"etcd_host\": \"e\", \"etcd_user\": \"u\", \"etcd_password\": \"$",
                "\"etcd_host\": \"e\", \"etcd_user\": \"u\", \"etcd_password\" \"$\"",
                "\"etcd_host\": \"e\", \"etcd_user\": \"u\", \"etcd_password: \"$\"",
                "\"etcd_host\": \"e\", \"etcd_user\": \"u\", \"etcd_password\": \"a\"$\"",
                "\"etcd_host\": \"e\", \"etcd_user\": \"u\", \"etcd_password\": \"$\\q\"",
                "\"etcd_host\": \"e\", \"etcd_user\": \"u\", \"etcd_password\": \"$\n\"",
                "\"etcd_host\": \"e\", \"etcd_user\": \"u\", \"etcd_password\": \"a\", $: 1",
                "\"etcd_host\": \"http://u:$@e:2379\"",
                "\"etcd_host\": \"http://u:a@$@e:2379\"",
                "\"etcd_host\": \"u:$@e:2379\"",
                "\"etcd_host\": \"http://u:$/a#b?c@e:2379\"",
                "\"etcd_host_list\": [\"http://u:$@e:2379\"]",
                "\"etcd_host\": \"e\", \"node_id\": \"n\", \"local_node_url\": \"http://b\", \"node_url\": \"http://u:$@a\"",
                "\"etcd_host\": \"e\", \"node_id\": \"n\", \"local_node_url\": \"http://b\", \"node_url\": \"http://u:$ @a\"",
                "\"store\": \"redis\"} , \"redis_host\": \"r\", \"redis_pasword\": {\"a\": \"$\"}, \"redis_user\": \"u\", \"a\": {",
                "\"store\": \"redis\"} , \"redis_host\": \"u:$@r\", \"a\": {",
                "\"store\": \"redis\"} , \"redis_host\": \"r\", \"redis_user\": [\"$\"], \"a\": {",
                "\"store\": \"redis\"} , \"redis_host\": \"r\", \"redis_password\": [\"$\"], \"a\": {",
                "\"store\": \"redis\"} , \"redis_password\": \"$\", \"a\": {"
            })
    void noErrorShowsAPassword(String members) {
        ClusterConfigException e = catchThrowableOfType(
                ClusterConfigException.class, () -> folder.readBlock(members.replace("$", SECRET)));

        assertThat(everythingAbout(e)).doesNotContain(SECRET);
        assertThat(e.problems().toString()).doesNotContain(SECRET);
    }

    @Test
    void aPasswordOfDigitsIsNotShownEither() {
        ClusterConfigException e = catchThrowableOfType(
                ClusterConfigException.class,
                () -> folder.readBlock("\"etcd_host\": \"e\", \"etcd_user\": 87654321, \"etcd_password\": 87654321"));

        assertThat(e.problems()).hasSize(2);
        assertThat(everythingAbout(e)).doesNotContain("87654321");
    }

    /** With causes and suppressed exceptions, as a log would have it. */
    static String everythingAbout(Throwable e) {
        StringWriter trace = new StringWriter();
        e.printStackTrace(new PrintWriter(trace));
        return trace.toString();
    }
}
