package org.bucketkeeper.examples.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is on the wire, on both sides. */
@Timeout(60)
class ProxyForwardTest {

    private static final String GET = "GET " + ProxyBench.PATH + " HTTP/1.1\nHost: proxy\n";
    private static final String POST = "POST " + ProxyBench.PATH + " HTTP/1.1\nHost: proxy\n";

    private ProxyBench bench = new ProxyBench();

    @AfterEach
    void close() throws Exception {
        bench.close();
    }

    @Test
    void keepsMethodTargetAndBodyByteForByte() throws Exception {
        RawTarget target = owner(ProxyBench.ok(""));
        String asked =
                "/dtable-server/api/v1/dtables/" + ProxyBench.UUID + "/a%2fb%2F;x=1//..%20/?q=%E4+%zz&&=&a[]='\"";

        bench.connect()
                .send("PATCH " + asked + " HTTP/1.1\nHost: proxy\nContent-Length: 5\n\n\u0001\u00ff{}\u0000")
                .message();

        assertThat(seen(target)).startsWith("PATCH " + asked + " HTTP/1.1\n").endsWith("\n\n\u0001\u00ff{}\u0000");
    }

    @Test
    void addsThePathOfTheNodesUrl() throws Exception {
        RawTarget target = bench.answering(ProxyBench.ok(""));
        bench.owner("dtable-server-01", target.url() + "behind/nginx/");

        bench.get();

        assertThat(seen(target)).startsWith("GET /behind/nginx" + ProxyBench.PATH + " HTTP/1.1\n");
    }

    @Test
    void takesTheHostOffATargetThatHasOneAndGoesToTheOwnerAllTheSame() throws Exception {
        RawTarget target = owner(ProxyBench.ok(""));

        bench.connect()
                .send("GET http://evil.example.com" + ProxyBench.PATH + " HTTP/1.1\nHost: evil.example.com\n\n")
                .message();

        assertThat(seen(target))
                .startsWith("GET " + ProxyBench.PATH + " HTTP/1.1\n")
                .contains("\nhost: 127.0.0.1:");
    }

    @Test
    void dropsRequestHeadersThatAreAboutTheConnection() throws Exception {
        RawTarget target = owner(ProxyBench.ok(""));

        bench.connect()
                .send(GET + "Connection: keep-alive, X-Secret, Content-Length\nKeep-Alive: timeout=5\nX-Secret: 1\n"
                        + "Proxy-Connection: keep-alive\nProxy-Authorization: Basic x\nTE: gzip\nTrailer: X-Sum\n"
                        + "Upgrade: h2c\nHTTP2-Settings: x\nX-Kept: 1\nCookie: a=b\n\n")
                .message();

        assertThat(seen(target).toLowerCase(Locale.ROOT))
                .contains("\nx-kept: 1", "\ncookie: a=b")
                .doesNotContain(
                        "\nconnection:",
                        "\nkeep-alive:",
                        "\nx-secret:",
                        "\nproxy-",
                        "\nte:",
                        "\ntrailer:",
                        "\nupgrade:",
                        "\nhttp2-settings:",
                        "\ntransfer-encoding:",
                        "\ncontent-length:");
    }

    @Test
    void keepsThatTheClientTakesTrailers() throws Exception {
        RawTarget target = owner(ProxyBench.ok(""));

        bench.connect().send(GET + "TE: gzip, trailers\nConnection: TE\n\n").message();

        assertThat(seen(target)).containsIgnoringCase("\nte: trailers").containsIgnoringCase("\nconnection: te");
    }

    @Test
    void dropsAnswerHeadersThatAreAboutTheConnection() throws Exception {
        owner("""
                HTTP/1.1 200 Fine by me
                Connection: keep-alive, X-Secret
                Keep-Alive: timeout=5
                X-Secret: 1
                Proxy-Authenticate: Basic
                Upgrade: h2c
                X-Kept: 1
                Set-Cookie: a=b
                Set-Cookie: c=d
                Content-Encoding: gzip
                Content-Length: 2

                hi""");

        String answer = bench.get();

        assertThat(answer)
                .startsWith("HTTP/1.1 200 Fine by me\n")
                .containsIgnoringCase("\nx-kept: 1\n")
                .containsIgnoringCase("\nset-cookie: a=b\nset-cookie: c=d\n")
                .containsIgnoringCase("\ncontent-encoding: gzip\n")
                .endsWith("\n\nhi");
        assertThat(answer.toLowerCase(Locale.ROOT))
                .doesNotContain("\nconnection:", "\nkeep-alive:", "\nx-secret:", "\nproxy-", "\nupgrade:");
    }

    @Test
    void tellsTheServerWhoAskedWhatAndHow() throws Exception {
        RawTarget target = owner(ProxyBench.ok(""));

        bench.get();

        assertThat(seen(target))
                .containsIgnoringCase("\nx-forwarded-for: 127.0.0.1\n")
                .containsIgnoringCase("\nx-forwarded-proto: http\n")
                .containsIgnoringCase("\nx-forwarded-host: proxy\n")
                .containsIgnoringCase("\nhost: " + target.url().replaceAll("http://|/", "") + "\n");
    }

    @Test
    void addsToWhatEarlierProxiesTold() throws Exception {
        RawTarget target = owner(ProxyBench.ok(""));

        bench.connect()
                .send(GET + "X-Forwarded-For: 10.0.0.1\nX-Forwarded-For: 10.0.0.2\nX-Forwarded-Proto: https\n"
                        + "X-Forwarded-Host: tables.example.com\n\n")
                .message();

        assertThat(seen(target))
                .containsIgnoringCase("\nx-forwarded-for: 10.0.0.1, 10.0.0.2, 127.0.0.1\n")
                .containsIgnoringCase("\nx-forwarded-proto: https\n")
                .containsIgnoringCase("\nx-forwarded-host: tables.example.com\n");
    }

    @Test
    void passesOnTheHeadOfAHeadAnswerAndKeepsTheConnection() throws Exception {
        RawTarget target = owner("HTTP/1.1 200 OK\nContent-Length: 1234\n\n");
        Wire client = bench.connect();

        String first = client.send("HEAD " + ProxyBench.PATH + " HTTP/1.1\nHost: proxy\n\n")
                .head();
        String second = client.send("HEAD " + ProxyBench.PATH + " HTTP/1.1\nHost: proxy\n\n")
                .head();

        assertThat(first).startsWith("HTTP/1.1 200 OK").containsIgnoringCase("\ncontent-length: 1234");
        assertThat(second).isEqualTo(first);
        assertThat(target.connections()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"204 No Content", "304 Not Modified"})
    void passesOnAnAnswerThatHasNoBody(String status) throws Exception {
        owner("HTTP/1.1 " + status + "\nETag: x\n\n");
        Wire client = bench.connect();

        String first = client.send(GET + "\n").head();
        String second = client.send(GET + "\n").head();

        assertThat(first.toLowerCase(Locale.ROOT))
                .startsWith("http/1.1 " + status.toLowerCase(Locale.ROOT) + "\n")
                .contains("\netag: x")
                .doesNotContain("content-length", "transfer-encoding");
        assertThat(second).isEqualTo(first);
    }

    @Test
    void passesOnChunksAndTrailers() throws Exception {
        owner("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\nTrailer: X-Sum\n\n2\nhi\n0\nX-Sum: 7\n\n");
        Wire client = bench.connect();

        String head = client.send(GET + "\n").head();
        String body = client.text("2\r\nhi\r\n0\r\nx-sum: 7\r\n\r\n".length());

        assertThat(head).containsIgnoringCase("\ntransfer-encoding: chunked").containsIgnoringCase("\ntrailer: x-sum");
        assertThat(body).isEqualToIgnoringCase("2\nhi\n0\nX-Sum: 7\n\n");
    }

    @Test
    void endsAnAnswerOfUnknownLengthForAnOldClientByClosing() throws Exception {
        owner("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n2\nhi\n0\n\n");

        Wire client = bench.connect().send("GET " + ProxyBench.PATH + " HTTP/1.0\nConnection: keep-alive\n\n");

        assertThat(client.head())
                .containsIgnoringCase("\nconnection: close")
                .doesNotContainIgnoringCase("transfer-encoding")
                .doesNotContainIgnoringCase("keep-alive");
        assertThat(client.rest()).isEqualTo("hi");
    }

    @Test
    void takesAnAnswerThatEndsWithItsConnection() throws Exception {
        bench.owner(
                "dtable-server-01",
                bench.raw(wire -> {
                            wire.head();
                            wire.send("HTTP/1.0 200 OK\n\nhi");
                            wire.close();
                        })
                        .url());
        Wire client = bench.connect().send(GET + "\n");

        assertThat(client.head()).containsIgnoringCase("\ntransfer-encoding: chunked");
        assertThat(client.text("2\r\nhi\r\n0\r\n\r\n".length())).isEqualTo("2\nhi\n0\n\n");
    }

    @Test
    void tellsAClientThatWaitsToSendASmallBody() throws Exception {
        RawTarget target = owner(ProxyBench.ok("done"));
        Wire client = bench.connect().send(POST + "Content-Length: 2\nExpect: 100-continue\n\n");

        String interim = client.head();
        String answer = client.send("hi").message();

        assertThat(interim).startsWith("HTTP/1.1 100 ");
        assertThat(answer).startsWith("HTTP/1.1 200 ");
        assertThat(seen(target)).doesNotContainIgnoringCase("\nexpect:").endsWith("\n\nhi");
    }

    @Test
    void tellsAClientThatWaitsToSendALargeBodyOnlyWhenTheServerWantsIt() throws Exception {
        bench.owner(
                "dtable-server-01",
                bench.raw(wire -> {
                            wire.head();
                            wire.send("HTTP/1.1 413 Content Too Large\nContent-Length: 2\n\nno");
                            wire.rest();
                        })
                        .url());

        Wire client = bench.connect().send(POST + "Content-Length: 100000\nExpect: 100-continue\n\n");

        assertThat(client.message())
                .startsWith("HTTP/1.1 413 ")
                .containsIgnoringCase("\nconnection: close\n")
                .endsWith("\n\nno");
    }

    @Test
    void passesOnEarlyHints() throws Exception {
        owner("HTTP/1.1 103 Early Hints\nLink: </a.css>\nX-Secret: 1\nConnection: X-Secret\n\n" + ProxyBench.ok("hi"));
        Wire client = bench.connect().send(GET + "\n");

        assertThat(client.head())
                .startsWith("HTTP/1.1 103 ")
                .containsIgnoringCase("\nlink: </a.css>")
                .doesNotContainIgnoringCase("x-secret");
        assertThat(client.message()).startsWith("HTTP/1.1 200 ");
    }

    @Test
    void keepsConnectionsToTheServer() throws Exception {
        RawTarget target = owner(ProxyBench.ok("done"));

        for (int i = 0; i < 3; i++) {
            bench.get();
        }

        assertThat(target.seen()).hasSize(3);
        assertThat(target.connections()).isEqualTo(1);
    }

    @Test
    void answersPipelinedRequestsInOrder() throws Exception {
        bench.owner(
                "dtable-server-01", bench.server(request -> request.response().end(request.query())));
        String path = "/ws/?dtable_uuid=" + ProxyBench.UUID;

        Wire client = bench.connect()
                .send("GET " + path + "&n=1 HTTP/1.1\nHost: proxy\n\nGET " + path + "&n=2 HTTP/1.1\nHost: proxy\n\n");

        assertThat(client.message()).endsWith("&n=1");
        assertThat(client.message()).endsWith("&n=2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 4\nTransfer-Encoding: chunked\n\n0\n\n",
                "Transfer-Encoding: gzip, chunked\n\n0\n\n",
                "Transfer-Encoding: chunked\nTransfer-Encoding: identity\n\n0\n\n",
                "Content-Length: 1\nContent-Length: 2\n\nhi",
                "Content-Length: 1, 2\n\nhi",
                "Content-Length: -1\n\n",
                "Content-Length: +1\n\nh",
                "Host: other\nContent-Length: 0\n\n",
                "Content-Length : 1\n\nh",
                "X-Folded: a\n b\nTransfer-Encoding: \u000bchunked\n\n0\n\n"
            })
    void refusesARequestThatCouldHideAnother(String rest) throws Exception {
        RawTarget target = owner(ProxyBench.ok("done"));

        String answer = bench.connect().send(POST + rest).head();

        assertThat(answer).startsWith("HTTP/1.1 400 ");
        assertThat(target.connections()).isZero();
    }

    @Test
    void refusesAnOldClientsChunks() throws Exception {
        RawTarget target = owner(ProxyBench.ok("done"));

        String answer = bench.connect()
                .send("POST " + ProxyBench.PATH + " HTTP/1.0\nTransfer-Encoding: chunked\n\n0\n\n")
                .head();

        assertThat(answer).matches("(?s)HTTP/1.[01] 400 .*");
        assertThat(target.connections()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET /caf\u00e9 HTTP/1.1", "CONNECT evil.example.com:443 HTTP/1.1", "OPTIONS * HTTP/1.1"})
    void refusesATargetThatIsNoPath(String line) throws Exception {
        String answer = bench.connect().send(line + "\nHost: proxy\n\n").message();

        assertThat(answer).startsWith("HTTP/1.1 400 ").contains("\"error\":\"bad_request\"");
    }

    @Test
    void refusesARequestWithoutABaseAndShowsWhatItSaw() throws Exception {
        Wire client = bench.connect();

        String none =
                client.send("GET /api/v1/workspaces/ HTTP/1.1\nHost: proxy\n\n").message();
        String bad = client.send("GET /ws/?dtable_uuid=nonsense HTTP/1.1\nHost: proxy\n\n")
                .message();

        assertThat(none)
                .startsWith("HTTP/1.1 400 ")
                .containsIgnoringCase("\ncontent-type: application/json\n")
                .contains("\"error\":\"no_base_uuid\"", "/api/v1/workspaces/");
        assertThat(bad).startsWith("HTTP/1.1 400 ").contains("\"error\":\"bad_base_uuid\"", "nonsense");
    }

    @Test
    void answersAPingByItself() throws Exception {
        assertThat(bench.connect().send("GET /ping/ HTTP/1.1\nHost: proxy\n\n").message())
                .startsWith("HTTP/1.1 200 OK\n")
                .endsWith("\n\npong");
    }

    @Test
    void answersThatTheServerTookTooLong() throws Exception {
        bench.close();
        bench = new ProxyBench(ProxyBench.SETTINGS.withTimeouts(
                Duration.ofMillis(300), Duration.ofSeconds(10), Duration.ofSeconds(5)));
        RawTarget target = bench.raw(Wire::rest);
        bench.owner("dtable-server-01", target.url());

        String answer = bench.post("a row");

        assertThat(answer)
                .startsWith("HTTP/1.1 504 ")
                .contains("\"error\":\"timed_out\"", "300 ms", "\"may_have_run\":true");
        assertThat(target.connections()).isEqualTo(1);
    }

    @Test
    void answersThatTheClientTookTooLong() throws Exception {
        bench.close();
        bench = new ProxyBench(ProxyBench.SETTINGS.withTimeouts(
                Duration.ofMillis(300), Duration.ofSeconds(10), Duration.ofSeconds(5)));
        RawTarget target = owner(ProxyBench.ok("done"));

        Wire client = bench.connect().send(POST + "Content-Length: 5\n\na");

        assertThat(client.message()).startsWith("HTTP/1.1 408 ").containsIgnoringCase("\nconnection: close\n");
        assertThat(target.connections()).isZero();
    }

    @Test
    void answersThatTheServersAnswerMakesNoSense() throws Exception {
        RawTarget target = owner("HTTP/1.1 101 Switching Protocols\nUpgrade: x\nConnection: Upgrade\n\n");

        String answer = bench.get();

        assertThat(answer).startsWith("HTTP/1.1 502 ").contains("\"error\":\"bad_answer\"", "\"may_have_run\":true");
        assertThat(target.seen()).hasSize(1);
    }

    @Test
    void countsWhatBecomesOfRequests() throws Exception {
        owner(ProxyBench.ok("done"));

        bench.get();
        ProxyBench.await(
                "counted",
                () -> bench.meters
                                .find("bucketkeeper.proxy.requests")
                                .counters()
                                .size()
                        == 1);

        assertThat(bench.meters
                        .get("bucketkeeper.proxy.requests")
                        .tag("outcome", "forwarded")
                        .counter()
                        .count())
                .isEqualTo(1);
        assertThat(bench.meters.get("bucketkeeper.proxy.latency").timer().count())
                .isEqualTo(1);
    }

    @Test
    void saysThatThePortIsTaken() {
        ProxySettings taken = ProxyBench.SETTINGS.listeningOn("127.0.0.1", bench.proxy.port());

        assertThatThrownBy(() -> new ProxyBench(taken)).hasMessageContaining("the port is in use");
    }

    private RawTarget owner(String answer) throws IOException {
        RawTarget target = bench.answering(answer);
        bench.owner("dtable-server-01", target.url());
        return target;
    }

    private static String seen(RawTarget target) {
        assertThat(target.seen()).hasSize(1);
        return target.seen().get(0);
    }
}
