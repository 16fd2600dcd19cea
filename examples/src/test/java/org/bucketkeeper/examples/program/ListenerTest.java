package org.bucketkeeper.examples.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ListenerTest {

    private final Vertx vertx = Vertx.vertx();
    private final HttpServer server = vertx.createHttpServer()
            .requestHandler(request -> request.response().end());

    @AfterEach
    void close() {
        vertx.close().await();
    }

    @Test
    void listensOnAnyFreePort() {
        assertThat(Listener.listen(server, "127.0.0.1", 0)).isPositive().isEqualTo(server.actualPort());
    }

    @Test
    void saysThatThePortIsInUse() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> Listener.listen(server, "127.0.0.1", taken.getLocalPort()))
                    .isInstanceOf(ProgramException.class)
                    .hasMessage("cannot listen on 127.0.0.1:" + taken.getLocalPort()
                            + ": the port is in use by another program; stop that, or choose another port");
        }
    }

    @Test
    void saysThatTheAddressIsNotOneOfThisMachine() {
        assertThatThrownBy(() -> Listener.listen(server, "192.0.2.1", 0))
                .isInstanceOf(ProgramException.class)
                .hasMessageStartingWith("cannot listen on 192.0.2.1:0: ");
    }
}
