package org.bucketkeeper.examples.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bucketkeeper.examples.server.ServerFleet.BASE;
import static org.bucketkeeper.examples.server.ServerFleet.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.bucketkeeper.membership.NodeInfo;
import org.bucketkeeper.ownership.NotOwner;
import org.bucketkeeper.store.memory.Direction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 2, unit = TimeUnit.MINUTES)
@Tag("once")
final class DtableServerTest {

    private static final String PATH = "/api/v1/dtables/" + BASE + "/";

    @TempDir
    private Path data;

    private ServerFleet fleet;

    @BeforeEach
    void openFleet() {
        fleet = new ServerFleet(data);
    }

    @AfterEach
    void closeFleet() {
        fleet.close();
    }

    @Test
    void rowsAreReadAsTheyWereAppended() throws Exception {
        startOwner("one");

        HttpResponse<String> saved =
                fleet.append("one", "[{\"_id\":\"a\",\"text\":\"h\u00fc\ud83d\ude00\",\"n\":1.50},{\"_id\":\"b\"}]");

        assertThat(json(saved).toString())
                .isEqualTo("{\"rows\":[{\"_id\":\"a\",\"seq\":1},{\"_id\":\"b\",\"seq\":2}]}");
        assertThat(fleet.get("one", PATH).body())
                .startsWith("{\"dtable_uuid\":\"" + BASE + "\",\"count\":2,")
                .contains("\"n\":1.50");
        JsonNode read = json(fleet.get("one", PATH));
        assertThat(read.at("/rows/0/text").asText()).isEqualTo("h\u00fc\ud83d\ude00");
        assertThat(read.at("/rows/1").toString()).isEqualTo("{\"seq\":2,\"_id\":\"b\"}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/dtables/3f8a2b1c0d4e4f5a8b6c7d8e9f0a1b2c/",
                "/api/v1/dtables/3F8A2B1C-0d4e-4f5a-8b6c-7d8e9f0a1b2c",
                "/api/v1/internal/dtables/3f8a2b1c0d4e4f5a8b6c7d8e9f0a1b2c/",
                "/api/v2/dtables/3f8a2b1c0d4e4f5a8b6c7d8e9f0a1b2c/",
                "/dtable-server/api/v1/dtables/3f8a2b1c0d4e4f5a8b6c7d8e9f0a1b2c/",
                "/dtable-server/api/v1/internal/dtables/3f8a2b1c0d4e4f5a8b6c7d8e9f0a1b2c/"
            })
    void aBaseIsReadUnderEveryPath(String path) throws Exception {
        startOwner("one");
        fleet.append("one", "[{\"_id\":\"a\"}]");

        JsonNode read = json(fleet.get("one", path));

        assertThat(read.path("dtable_uuid").asText()).isEqualTo(BASE);
        assertThat(read.path("count").asInt()).isEqualTo(1);
    }

    @Test
    void aRowThatIsSentAgainIsStoredOnce() throws Exception {
        startOwner("one");
        fleet.append("one", "[{\"_id\":\"a\",\"n\":1},{\"_id\":\"b\"}]");

        HttpResponse<String> again = fleet.append("one", "[{\"_id\":\"c\"},{\"_id\":\"a\",\"n\":2},{\"_id\":\"c\"}]");

        assertThat(json(again).toString())
                .isEqualTo(
                        "{\"rows\":[{\"_id\":\"c\",\"seq\":3},{\"_id\":\"a\",\"seq\":1},{\"_id\":\"c\",\"seq\":3}]}");
        assertThat(json(fleet.get("one", PATH)).at("/rows/0/n").asInt()).isEqualTo(1);
        assertThat(json(fleet.get("one", PATH + "count/")).path("count").asInt())
                .isEqualTo(3);
    }

    @Test
    void aPartOfABaseIsReadFromAfterARow() throws Exception {
        startOwner("one");
        fleet.append("one", "[{},{},{},{}]");

        JsonNode part = json(fleet.get("one", PATH + "?start=1&limit=2"));

        assertThat(RecordedSocket.places(part)).containsExactly(2L, 3L);
        assertThat(part.path("count").asInt()).isEqualTo(4);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{|bad_json",
                "[]|bad_json",
                "{\"rows\":[]}|bad_rows",
                "{\"rows\":7}|bad_rows",
                "{\"rows\":[7]}|bad_row",
                "{\"rows\":[{\"_id\":\"a b\"}]}|bad_row",
                "{\"rows\":[{\"_id\":\"\"}]}|bad_row",
                "{\"rows\":[{\"_id\":7}]}|bad_row",
                "{\"rows\":[{\"seq\":7}]}|bad_row"
            })
    void whatCannotBeStoredIsRefusedWithWords(String body, String error) throws Exception {
        startOwner("one");

        HttpResponse<String> refused = fleet.post("one", PATH + "rows/", body);

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(json(refused).path("error").asText()).isEqualTo(error);
        assertThat(json(refused).path("message").asText()).isNotBlank();
    }

    @ParameterizedTest
    @CsvSource({
        "/api/v1/dtables/3f8a/, 400, bad_uuid",
        "/api/v1/dtables/3f8a2b1c0d4e4f5a8b6c7d8e9f0a1b2c/?start=x, 400, bad_start",
        "/api/v1/dtables/3f8a2b1c0d4e4f5a8b6c7d8e9f0a1b2c/?limit=-1, 400, bad_limit",
        "/ws/?dtable_uuid=3f8a2b1c0d4e4f5a8b6c7d8e9f0a1b2c, 426, not_a_websocket",
        "/nowhere, 404, not_found"
    })
    void aQuestionThatMakesNoSenseIsRefusedWithWords(String path, int status, String error) throws Exception {
        startOwner("one");

        HttpResponse<String> refused = fleet.get("one", path);

        assertThat(refused.statusCode()).isEqualTo(status);
        assertThat(json(refused).path("error").asText()).isEqualTo(error);
    }

    @Test
    void aBodyThatIsTooLargeIsRefusedAndNothingIsStored() throws Exception {
        startOwner("one");

        HttpResponse<String> refused =
                fleet.append("one", "[{\"text\":\"" + "x".repeat(ServerApi.MOST_BODY_BYTES) + "\"}]");

        assertThat(refused.statusCode()).isEqualTo(413);
        assertThat(json(fleet.get("one", PATH + "count/")).path("count").asInt())
                .isZero();
    }

    @Test
    void whoIsNotTheOwnerSaysWhoIs() throws Exception {
        startOwner("one");
        startOther("two");

        HttpResponse<String> refused = fleet.append("two", "[{}]");

        assertThat(refused.statusCode()).isEqualTo(421);
        NotOwner refusal = NotOwner.fromJson(refused.body());
        assertThat(refusal.bucket()).isEqualTo(ServerFleet.BUCKET);
        NodeInfo owner = Objects.requireNonNull(refusal.owner());
        assertThat(owner.nodeId()).isEqualTo("one");
        assertThat(owner.localNodeUrl()).isEqualTo(fleet.uri("http", "one", "/"));
        assertThat(refusal.revision()).isPositive();
    }

    @Test
    void aBodyThatWaitsToBeAskedForIsRefusedUnread() throws Exception {
        startOwner("one");
        startOther("two");

        String answer = answerWithoutBody("two");

        assertThat(answer).startsWith("HTTP/1.1 421 ").doesNotContain("100 Continue");
        assertThat(answer.toLowerCase(Locale.ROOT)).contains("connection: close");
    }

    @Test
    void aBodyThatWaitsIsAskedForByTheOwner() throws Exception {
        startOwner("one");
        try (Socket socket = connect("one")) {
            send(socket, appendHead(11) + "Expect: 100-continue\r\n\r\n");
            String first = new String(socket.getInputStream().readNBytes(25), StandardCharsets.US_ASCII);
            send(socket, "{\"rows\":[{}");
            socket.shutdownOutput();

            assertThat(first).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
        }
    }

    @Test
    void aConnectionGoesOnAfterARefusalOfABodyThatWasSent() throws Exception {
        startOwner("one");
        startOther("two");
        try (Socket socket = connect("two")) {
            send(
                    socket,
                    appendHead(13) + "\r\n{\"rows\":[{}]}GET /ping/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

            String answers = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);

            assertThat(answers)
                    .startsWith("HTTP/1.1 421 ")
                    .contains("HTTP/1.1 200 OK")
                    .endsWith("pong");
        }
    }

    @Test
    void whoeverWatchesIsToldEveryRowInOrder() throws Exception {
        startOwner("one");
        fleet.append("one", "[{\"_id\":\"a\"},{\"_id\":\"b\"}]");

        RecordedSocket socket = fleet.watch("one", 1);
        JsonNode base = socket.next();
        for (int i = 0; i < 20; i++) {
            fleet.append("one", "[{},{}]");
        }

        assertThat(base.path("type").asText()).isEqualTo("base");
        assertThat(base.path("node_id").asText()).isEqualTo("one");
        assertThat(base.path("dtable_uuid").asText()).isEqualTo(BASE);
        assertThat(base.path("count").asInt()).isEqualTo(2);
        List<Long> places = new ArrayList<>(RecordedSocket.places(base));
        while (places.size() < 41) {
            places.addAll(RecordedSocket.places(socket.next("rows")));
        }
        assertThat(places).containsExactlyElementsOf(range(2, 42));
    }

    @Test
    void aSocketAppendsRows() throws Exception {
        startOwner("one");
        RecordedSocket socket = fleet.watch("one", 0);

        socket.send("{\"type\":\"append\",\"rows\":[{\"_id\":\"a\"}]}");
        JsonNode saved = socket.next("saved");
        socket.send("{\"type\":\"append\",\"rows\":[{\"_id\":\" \"}]}");
        JsonNode refused = socket.next("refused");

        assertThat(saved.path("rows").toString()).isEqualTo("[{\"_id\":\"a\",\"seq\":1}]");
        assertThat(refused.path("error").asText()).isEqualTo("bad_row");
        assertThat(json(fleet.get("one", PATH + "count/")).path("count").asInt())
                .isEqualTo(1);
    }

    @Test
    void manyAppendsOfOneSocketAreStoredInTheOrderInWhichTheyWereSent() throws Exception {
        startOwner("one");
        RecordedSocket socket = fleet.watch("one", 0);

        for (int i = 1; i <= 100; i++) {
            socket.send("{\"type\":\"append\",\"rows\":[{\"_id\":\"r" + i + "\"}]}");
        }
        Map<String, Long> saved = new HashMap<>();
        while (saved.size() < 100) {
            JsonNode row = socket.next("saved").at("/rows/0");
            saved.put(row.path("_id").asText(), row.path("seq").asLong());
        }

        for (long i = 1; i <= 100; i++) {
            assertThat(saved).containsEntry("r" + i, i);
        }
    }

    @Test
    void aSocketIsRefusedWithWhomToAskBeforeItIsOne() throws Exception {
        startOwner("one");
        startOther("two");
        try (Socket socket = connect("two")) {
            send(
                    socket,
                    "GET /ws/?dtable_uuid=" + BASE + " HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\n"
                            + "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                            + "Sec-WebSocket-Key: SGVsbG8sIHdvcmxkIQ==\r\n\r\n");

            String first = new String(socket.getInputStream().readNBytes(13), StandardCharsets.US_ASCII);

            assertThat(first).isEqualTo("HTTP/1.1 421 ");
        }
    }

    @Test
    void aHandOverMovesTheBaseAndItsSockets() throws Exception {
        startOwner("one");
        startOther("two");
        fleet.append("one", "[{\"_id\":\"a\"}]");
        RecordedSocket socket = fleet.watch("one", 0);
        socket.next("base");

        fleet.give("two");
        JsonNode moved = socket.next("moved");
        RecordedSocket follower = fleet.watch("two", 1);
        fleet.append("two", "[{\"_id\":\"a\"},{\"_id\":\"b\"}]");

        assertThat(moved.path("node_id").asText()).isEqualTo("two");
        assertThat(moved.path("node_url").asText())
                .isEqualTo(fleet.uri("http", "two", "/").toString());
        assertThat(moved.path("revision").asLong()).isPositive();
        assertThat(socket.closeCode()).isEqualTo(1012);
        assertThat(follower.next("base").path("count").asInt()).isEqualTo(1);
        assertThat(RecordedSocket.places(follower.next("rows"))).containsExactly(2L);
        assertThat(fleet.append("one", "[{}]").statusCode()).isEqualTo(421);
    }

    @Test
    void requestsThatFailKeepNoBaseFromMoving() throws Exception {
        startOwner("one");
        startOther("two");

        fleet.append("one", "7");
        fleet.get("one", PATH + "?start=x");
        fleet.post("one", PATH + "rows/", "{");
        fleet.give("two");

        assertThat(fleet.append("two", "[{}]").statusCode()).isEqualTo(200);
    }

    @Test
    void whatWasLoadedTooLateIsNotAnswered() throws Exception {
        startOwner("one");
        String other = "/api/v1/dtables/3f" + "0".repeat(30) + "/";
        try (Connection blocker =
                        DriverManager.getConnection(StorageSettings.file(data).url());
                Statement statement = blocker.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            CompletableFuture<HttpResponse<String>> late = fleet.getLater("one", other);
            fleet.clientOf("one").faults().cut(Direction.BOTH);
            ServerFleet.await("the cut off server refuses", () -> status("one", PATH) == 421);
            statement.execute("ROLLBACK");

            assertThat(late.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(421);
        }
        fleet.clientOf("one").faults().heal();
    }

    @Test
    void appendsDuringHandOversAreStoredOnceAndInOrder() throws Exception {
        startOwner("one");
        startOther("two");
        List<String> acknowledged = new ArrayList<>();
        String server = "one";

        for (int i = 0; i < 60; i++) {
            if (i % 20 == 10) {
                String other = server.equals("one") ? "two" : "one";
                fleet.give(other);
            }
            HttpResponse<String> answer = fleet.append(server, "[{\"_id\":\"r" + i + "\"}]");
            while (answer.statusCode() == 421) {
                server = Objects.requireNonNull(NotOwner.fromJson(answer.body()).owner())
                        .nodeId();
                answer = fleet.append(server, "[{\"_id\":\"r" + i + "\"}]");
            }
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            acknowledged.add(json(answer).at("/rows/0/_id").asText());
        }

        List<String> stored = new ArrayList<>();
        json(fleet.get(server, PATH))
                .path("rows")
                .forEach(row -> stored.add(row.path("_id").asText()));
        assertThat(stored).isEqualTo(acknowledged);
    }

    @Test
    void aServerThatIsCutOffStopsServingAndItsSuccessorTakesOver() throws Exception {
        startOwner("one");
        startOther("two");
        fleet.append("one", "[{\"_id\":\"a\"}]");
        RecordedSocket socket = fleet.watch("one", 0);

        fleet.clientOf("one").faults().cut(Direction.BOTH);
        ServerFleet.await("the cut off server refuses", () -> status("one", PATH) == 421);
        fleet.give("two");

        assertThat(socket.closeCode()).isEqualTo(1012);
        assertThat(json(fleet.append("two", "[{\"_id\":\"b\"}]"))
                        .at("/rows/0/seq")
                        .asInt())
                .isEqualTo(2);
        fleet.clientOf("one").faults().heal();
    }

    @Test
    void aServerThatStopsHandsOverFirstAndLosesNothing() throws Exception {
        DtableServer one = startOwner("one");
        startOther("two");
        fleet.append("one", "[{\"_id\":\"a\"}]");

        one.stop().toCompletableFuture().get(60, TimeUnit.SECONDS);

        assertThat(json(fleet.append("two", "[{\"_id\":\"b\"}]"))
                        .at("/rows/0/seq")
                        .asInt())
                .isEqualTo(2);
    }

    @Test
    void aServerThatStopsRefusesForAWhileAndEndsTheConnections() throws Exception {
        DtableServer one = startOwner("one");
        startOther("two");

        var stopped = one.stop().toCompletableFuture();
        ServerFleet.await("the server refuses", () -> status("one", PATH) == 421);
        String answer = answerTo("one", PATH);
        while (!answer.toLowerCase(Locale.ROOT).contains("connection: close")) {
            answer = answerTo("one", PATH);
        }

        assertThat(answer).startsWith("HTTP/1.1 421 ").contains("\"node_id\":\"two\"");
        stopped.get(60, TimeUnit.SECONDS);
    }

    @Test
    void aServerSaysHowItIs() throws Exception {
        startOwner("one");
        fleet.watch("one", 0).next("base");

        JsonNode status = json(fleet.get("one", "/status"));

        assertThat(status.path("node_id").asText()).isEqualTo("one");
        assertThat(status.path("registered").asBoolean()).isTrue();
        assertThat(status.path("owned").asInt()).isEqualTo(256);
        assertThat(status.path("bases").asInt()).isEqualTo(1);
        assertThat(status.path("sockets").asInt()).isEqualTo(1);
        assertThat(status.path("releases").isEmpty()).isTrue();
    }

    @Test
    void aServerAloneServesEverythingAndKeepsItThroughARestart() throws Exception {
        DtableServer first = fleet.startAlone();
        HttpResponse<String> saved = fleet.append("alone", "[{\"_id\":\"a\"}]");
        RecordedSocket socket = fleet.watch("alone", 0);
        socket.next("base");

        first.stop().toCompletableFuture().get(60, TimeUnit.SECONDS);
        fleet.startAlone();

        assertThat(saved.statusCode()).isEqualTo(200);
        assertThat(socket.closeCode()).isEqualTo(1012);
        assertThat(json(fleet.get("alone", PATH)).at("/rows/0/_id").asText()).isEqualTo("a");
        assertThat(json(fleet.get("alone", "/status")).path("mode").asText()).isEqualTo("alone");
    }

    @Test
    void browsersFromElsewhereMayAsk() throws Exception {
        fleet.startAlone();
        try (Socket socket = connect("alone")) {
            send(
                    socket,
                    "GET /ping/ HTTP/1.1\r\nHost: x\r\nOrigin: https://web.example.com\r\nConnection: close\r\n\r\n");

            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);

            assertThat(answer).contains("access-control-allow-origin: *").endsWith("pong");
        }
    }

    private DtableServer startOwner(String name) throws Exception {
        DtableServer server = fleet.start(name);
        fleet.give(name);
        return server;
    }

    private void startOther(String name) throws InterruptedException {
        fleet.start(name);
        ServerFleet.await(
                name + " is registered and knows the owner", () -> answersAsFormerOwner(name) && isRegistered(name));
    }

    private boolean isRegistered(String name) {
        try {
            return json(fleet.get(name, "/status")).path("registered").asBoolean();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private boolean answersAsFormerOwner(String name) {
        try {
            HttpResponse<String> answer = fleet.get(name, PATH);
            return answer.statusCode() == 421
                    && NotOwner.fromJson(answer.body()).owner() != null;
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private int status(String name, String path) {
        try {
            return fleet.get(name, path).statusCode();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private String answerTo(String name, String path) {
        try (Socket socket = connect(name)) {
            send(
                    socket,
                    "GET " + path
                            + " HTTP/1.1\r\nHost: x\r\n\r\nGET /ping HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private String answerWithoutBody(String name) throws IOException {
        try (Socket socket = connect(name)) {
            send(socket, appendHead(1000) + "Expect: 100-continue\r\n\r\n");
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    private static String appendHead(int length) {
        return "POST " + PATH + "rows/ HTTP/1.1\r\nHost: x\r\nContent-Length: " + length + "\r\n";
    }

    private Socket connect(String name) throws IOException {
        Socket socket = new Socket(
                InetAddress.getLoopbackAddress(), fleet.uri("http", name, "/").getPort());
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
    }

    private static List<Long> range(long from, long to) {
        return LongStream.rangeClosed(from, to).boxed().toList();
    }
}
