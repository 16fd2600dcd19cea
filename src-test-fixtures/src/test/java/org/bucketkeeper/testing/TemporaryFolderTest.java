package org.bucketkeeper.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class TemporaryFolderTest {

    @Test
    void aFolderThatIsStillWrittenIntoIsRemovedOnceThatIsOver() throws IOException {
        TemporaryFolder folder = new TemporaryFolder("test");
        Process writer = new ProcessBuilder(
                        "sh",
                        "-c",
                        "i=0; while [ $i -lt 200000 ] && : 2>&- >\"$0/$i\"; do i=$((i + 1)); done",
                        folder.path().toString())
                .start();
        assertThat(Waiting.until(
                        Duration.ofSeconds(30), () -> Files.exists(folder.path().resolve("100"))))
                .isTrue();

        folder.close();

        assertThat(folder.path()).doesNotExist();
        writer.destroyForcibly();
    }
}
