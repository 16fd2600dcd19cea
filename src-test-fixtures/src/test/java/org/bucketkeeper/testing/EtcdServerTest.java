package org.bucketkeeper.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class EtcdServerTest {

    @Test
    void aLaunchedServerAnswersAtOnce() {
        try (EtcdServer etcd = EtcdServer.launch()) {
            etcd.http().put("/fixture/key", "value");

            assertThat(etcd.http().get("/fixture/key")).isEqualTo("value");
        }
    }

    @Test
    void aKilledServerComesBackWithItsDataOnItsPorts() {
        try (EtcdServer etcd = EtcdServer.builder().controllable().launch()) {
            etcd.http().put("/fixture/key", "value");

            etcd.kill();
            boolean answeredWhileDown = etcd.http().isHealthy();
            etcd.start();

            assertThat(answeredWhileDown).isFalse();
            assertThat(etcd.http().get("/fixture/key")).isEqualTo("value");
        }
    }

    @Test
    void aStoppedServerComesBackWithItsDataOnItsPorts() {
        try (EtcdServer etcd = EtcdServer.builder().controllable().launch()) {
            etcd.http().put("/fixture/key", "value");

            etcd.stop();
            etcd.start();

            assertThat(etcd.http().get("/fixture/key")).isEqualTo("value");
        }
    }

    @Test
    void aPausedServerIsSilentUntilItIsResumed() {
        try (EtcdServer etcd = EtcdServer.builder().controllable().launch()) {
            etcd.pause();
            boolean answeredWhilePaused = etcd.http().isHealthy();
            etcd.resume();

            assertThat(answeredWhilePaused).isFalse();
            assertThat(Waiting.until(Duration.ofSeconds(30), etcd.http()::isHealthy))
                    .isTrue();
        }
    }

    @Test
    void aPausedServerCanBeClosed() {
        EtcdServer etcd = EtcdServer.builder().controllable().launch();
        etcd.pause();

        etcd.close();

        assertThat(etcd.http().isHealthy()).isFalse();
    }

    @Test
    void aRunningServerIsNotStartedTwice() {
        try (EtcdServer etcd = EtcdServer.builder().controllable().launch()) {
            assertThatThrownBy(etcd::start)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("already running");
        }
    }

    @Test
    void aServerThatIsDownCannotBeKilledAgain() {
        try (EtcdServer etcd = EtcdServer.builder().controllable().launch()) {
            etcd.kill();

            assertThatThrownBy(etcd::kill)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("not running");
        }
    }

    @Test
    void aCompactedRevisionIsGone() {
        try (EtcdServer etcd = EtcdServer.launch()) {
            etcd.http().put("/fixture/key", "first");
            etcd.http().put("/fixture/key", "second");
            long revision = etcd.http().revision();

            etcd.http().compact(revision);

            assertThatThrownBy(() -> etcd.http().compact(revision - 1)).hasMessageContaining("compacted");
        }
    }
}
