package org.bucketkeeper.examples.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class ProxyCommandTest {

    private final StringWriter errors = new StringWriter();

    @ParameterizedTest
    @CsvSource({
        "--port=70000, 'port must be 0 to 65535, but is 70000'",
        "--timeout=0, 'timeout must be 10 ms to 3600 s, but is 0 ms'",
        "--hold=-1, 'hold must be 0 ms to 3600 s, but is -1000 ms'",
        "--max-held=-1, 'max-held must be 0 to 1000000, but is -1'",
        "--connections-per-node=0, 'connections-per-node must be 1 to 100000, but is 0'",
        "--host=, 'host must not be empty'"
    })
    void refusesASettingThatIsOutOfRange(String flag, String message) {
        int exitCode = new CommandLine(new ProxyCommand())
                .setErr(new PrintWriter(errors))
                .execute("--etcd", "localhost:1", flag);

        assertThat(exitCode).isEqualTo(2);
        assertThat(errors.toString()).contains("--" + message);
    }
}
