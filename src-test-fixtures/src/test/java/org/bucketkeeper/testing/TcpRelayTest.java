package org.bucketkeeper.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import org.bucketkeeper.testing.TcpRelay.Direction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class TcpRelayTest {

    private static final int READ_BOUND_MILLIS = 30_000;
    private static final int SILENCE_MILLIS = 200;

    private final EchoServer echo = new EchoServer();
    private final TcpRelay relay = TcpRelay.to(echo.endpoint());

    @AfterEach
    void close() throws IOException {
        relay.close();
        echo.close();
    }

    @Test
    void forwardsBothWays() throws IOException {
        try (Socket client = connect()) {
            send(client, "hello");

            assertThat(receive(client, 5)).isEqualTo("hello");
        }
    }

    @Test
    void forwardsMoreThanAnyBufferHolds() throws IOException {
        byte[] much = new byte[8 * 1024 * 1024];
        new SplittableRandom(1).nextBytes(much);
        try (Socket client = connect()) {
            var writer = new Thread(() -> {
                try {
                    client.getOutputStream().write(much);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            writer.start();

            assertThat(client.getInputStream().readNBytes(much.length)).isEqualTo(much);
        }
    }

    @Test
    void passesTheEndOfAStreamOn() throws IOException {
        try (Socket client = connect()) {
            send(client, "bye");
            client.shutdownOutput();

            assertThat(client.getInputStream().readAllBytes()).isEqualTo("bye".getBytes(UTF_8));
            await(() -> relay.connections() == 0);
        }
    }

    @Test
    void aCutResetsAnOpenConnection() throws IOException {
        try (Socket client = connect()) {
            exchange(client);

            relay.cut();

            assertThatThrownBy(() -> receive(client, 1))
                    .isInstanceOf(SocketException.class)
                    .hasMessageContaining("reset");
        }
    }

    @Test
    void aCutRefusesNewConnections() {
        relay.cut();

        assertThatThrownBy(() -> {
                    try (Socket client = connect()) {
                        exchange(client);
                    }
                })
                .isInstanceOf(IOException.class);
    }

    @Test
    void aHealAfterACutWelcomesNewConnections() throws IOException {
        relay.cut();

        relay.heal();

        try (Socket client = connect()) {
            exchange(client);
        }
    }

    @Test
    void aResetEndsOpenConnectionsAndWelcomesNewOnes() throws IOException {
        try (Socket before = connect();
                Socket after = connectAfter(before, relay::reset)) {
            assertThatThrownBy(() -> receive(before, 1)).isInstanceOf(IOException.class);
            exchange(after);
        }
    }

    @Test
    void aBlackHoleTowardsTheServerKeepsRequestsFromIt() throws IOException {
        try (Socket client = connect()) {
            exchange(client);
            long before = echo.received();
            relay.blackhole(Direction.TO_SERVER);

            send(client, "lost?");

            assertSilent(client);
            assertThat(echo.received()).isEqualTo(before);
        }
    }

    @Test
    void aBlackHoleTowardsTheClientLetsRequestsThrough() throws IOException {
        try (Socket client = connect()) {
            exchange(client);
            long before = echo.received();
            relay.blackhole(Direction.TO_CLIENT);

            send(client, "request");

            await(() -> echo.received() == before + 7);
            assertSilent(client);
        }
    }

    @Test
    void aHealDeliversWhatABlackHoleHeld() throws IOException {
        try (Socket client = connect()) {
            exchange(client);
            relay.blackhole();
            send(client, "late");

            relay.heal();

            assertThat(receive(client, 4)).isEqualTo("late");
        }
    }

    @Test
    void aCutDropsWhatABlackHoleHeld() throws IOException {
        try (Socket client = connect()) {
            exchange(client);
            long before = echo.received();
            relay.blackhole(Direction.TO_CLIENT);
            send(client, "request");
            await(() -> echo.received() == before + 7);

            relay.cut();
            relay.heal();

            assertThatThrownBy(() -> receive(client, 1)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void aCutAfterNoBytesLosesExactlyTheAnswer() throws IOException {
        try (Socket client = connect()) {
            exchange(client);
            long before = echo.received();
            relay.cutAfter(Direction.TO_CLIENT, 0);

            send(client, "request");

            assertThatThrownBy(() -> receive(client, 1)).isInstanceOf(IOException.class);
            assertThat(echo.received()).isEqualTo(before + 7);
            assertThat(relay.isCut()).isTrue();
        }
    }

    @Test
    void aCutAfterSomeBytesPassesThemFirst() throws IOException {
        try (Socket client = connect()) {
            exchange(client);
            long before = echo.received();
            relay.cutAfter(Direction.TO_SERVER, 3);

            send(client, "request");

            await(relay::isCut);
            await(() -> echo.received() == before + 3);
        }
    }

    @Test
    void aCutOnAConditionKeepsThatPieceBack() throws IOException {
        try (Socket client = connect()) {
            exchange(client);
            long before = echo.received();
            relay.cutWhen(Direction.TO_SERVER, piece -> new String(piece, UTF_8).contains("poison"));
            exchange(client);

            send(client, "poison");

            await(relay::isCut);
            assertThatThrownBy(() -> receive(client, 1)).isInstanceOf(IOException.class);
            assertThat(echo.received()).isEqualTo(before + 4);
        }
    }

    @Test
    void aDelayHoldsWhatArrivesForThatLong() throws IOException {
        try (Socket client = connect()) {
            exchange(client);
            relay.delay(Direction.TO_CLIENT, Duration.ofMillis(400));

            long sent = System.nanoTime();
            exchange(client);

            assertThat(System.nanoTime() - sent).isGreaterThanOrEqualTo(400_000_000);
        }
    }

    @Test
    void countsWhatItPassesOn() throws IOException {
        try (Socket client = connect()) {
            exchange(client);

            assertThat(relay.passed(Direction.TO_SERVER)).isEqualTo(4);
            assertThat(relay.passed(Direction.TO_CLIENT)).isEqualTo(4);
        }
    }

    @Test
    void aServerThatIsDownIsAResetConnection() throws IOException {
        echo.close();

        try (Socket client = connect()) {
            assertThatThrownBy(() -> receive(client, 1)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void aClosedRelayTakesNoConnections() {
        relay.close();

        assertThatThrownBy(this::connect).isInstanceOf(IOException.class);
    }

    @Test
    void namesTheEndpointItCannotRead() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TcpRelay.to("http://somewhere"))
                .withMessageContaining("host:port")
                .withMessageContaining("http://somewhere");
    }

    private Socket connect() throws IOException {
        int port = Integer.parseInt(relay.endpoint().substring(relay.endpoint().indexOf(':') + 1));
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(READ_BOUND_MILLIS);
        return socket;
    }

    private Socket connectAfter(Socket open, Runnable fault) throws IOException {
        exchange(open);
        fault.run();
        return connect();
    }

    private static void exchange(Socket client) throws IOException {
        send(client, "ping");
        assertThat(receive(client, 4)).isEqualTo("ping");
    }

    private static void send(Socket client, String text) throws IOException {
        client.getOutputStream().write(text.getBytes(UTF_8));
    }

    private static String receive(Socket client, int count) throws IOException {
        try {
            byte[] bytes = client.getInputStream().readNBytes(count);
            if (bytes.length < count) {
                throw new IOException("the connection ended after " + bytes.length + " bytes");
            }
            return new String(bytes, UTF_8);
        } catch (SocketTimeoutException silence) {
            // Silence is no broken connection: a test that expects that must not take this for it.
            throw new AssertionError("nothing came", silence);
        }
    }

    private static void assertSilent(Socket client) throws IOException {
        client.setSoTimeout(SILENCE_MILLIS);
        assertThatExceptionOfType(SocketTimeoutException.class)
                .isThrownBy(() -> client.getInputStream().read());
        client.setSoTimeout(READ_BOUND_MILLIS);
    }

    private static void await(BooleanSupplier condition) {
        assertThat(Waiting.until(Duration.ofSeconds(30), condition)).isTrue();
    }
}
