package org.bucketkeeper.testing.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.bucketkeeper.ownership.OwnershipListener;
import org.bucketkeeper.ownership.Tenure;
import org.junit.jupiter.api.Test;

/** The example in the README, word for word. */
class OwnListenerTest {

    // README: begin
    record Bases(SimulatedServer server) implements OwnershipListener {

        @Override
        public CompletionStage<?> releasing(Tenure tenure) {
            CompletableFuture<Void> flushed = new CompletableFuture<>();
            server.run(Duration.ofMillis(50), () -> flush(tenure, flushed)); // 50 ms of virtual time later
            return flushed;
        }

        private void flush(Tenure tenure, CompletableFuture<Void> flushed) {
            if (tenure.isValid() && !server.storage().write(tenure.bucket(), tenure.fencingToken(), 1)) {
                server.fail("the storage refused what a valid owner flushed");
            }
            flushed.complete(null);
        }
    }
    // README: end

    @Test
    void basesSurviveDisasters() {
        SimulationSettings settings = SimulationSettings.DEFAULT.withListeners(Bases::new);
        for (long seed = 1; seed <= 100; seed++) {
            SimulationResult result = Simulation.run(seed, settings);
            assertThat(result.violation())
                    .as(() -> String.join("\n", result.timeline()))
                    .isNull();
        }
    }

    @Test
    void isWhatTheReadmeShows() throws IOException {
        Path source = Path.of("src/test/java", getClass().getName().replace('.', '/') + ".java");
        String code = Files.readString(source);
        String example = code.substring(
                        code.indexOf("// README: begin\n") + "// README: begin\n".length(),
                        code.indexOf("\n    // README: end"))
                .stripIndent();

        assertThat(Files.readString(Path.of("../README.md"))).contains(example);
    }
}
