package org.bucketkeeper.examples.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.membership.NodeInfo;
import org.bucketkeeper.ownership.NotOwner;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is sent again during a hand-over, and what never is. */
@Timeout(60)
class ProxyRetryTest {

    private static final ProxySettings SHORT_HOLD =
            ProxyBench.SETTINGS.withTimeouts(Duration.ofSeconds(20), Duration.ofMillis(300), Duration.ofSeconds(5));

    private ProxyBench bench = new ProxyBench();

    @AfterEach
    void close() throws Exception {
        bench.close();
    }

    @Test
    void asksTheNextOwnerWhenTheFormerRefuses() throws Exception {
        RawTarget former = bench.answering(ProxyBench.notOwner(null));
        RawTarget next = bench.answering(ProxyBench.ok("done"));
        bench.owner("former", former.url());
        bench.register("next", next.url());

        CompletableFuture<String> answer = async(() -> bench.post("a row"));
        ProxyBench.await("held", () -> bench.held() == 1);
        bench.assign("next");

        assertThat(answer.get(20, TimeUnit.SECONDS))
                .startsWith("HTTP/1.1 200 OK")
                .endsWith("done");
        assertThat(next.seen()).singleElement().asString().startsWith("POST").endsWith("a row");
        assertThat(bench.held()).isZero();
    }

    @Test
    void triesAgainWhenTheOwnerTakesNoConnection() throws Exception {
        RawTarget next = bench.answering(ProxyBench.ok("done"));
        bench.owner("former", RawTarget.nobody());
        bench.register("next", next.url());

        CompletableFuture<String> answer = async(() -> bench.post("a row"));
        ProxyBench.await("refused", () -> bench.retries(Setback.Cause.OWNER_UNREACHABLE) > 0);
        bench.assign("next");

        assertThat(answer.get(20, TimeUnit.SECONDS)).startsWith("HTTP/1.1 200 OK");
        assertThat(next.seen()).hasSize(1);
    }

    @Test
    void neverRepeatsWhatMayHaveRun() throws Exception {
        RawTarget[] target = new RawTarget[1];
        target[0] = bench.raw(wire -> {
            target[0].seen().add(wire.message());
            wire.reset();
        });
        bench.owner("dtable-server-01", target[0].url());

        String answer = bench.post("a row");

        assertThat(answer)
                .startsWith("HTTP/1.1 502 ")
                .contains("\"error\":\"connection_lost\"", "\"may_have_run\":true", "\"bucket\":\"3f\"");
        assertThat(target[0].seen()).hasSize(1);
        assertThat(target[0].connections()).isEqualTo(1);
    }

    @Test
    void answersThatNobodyOwnsTheBucketWhenTheHoldIsOver() throws Exception {
        restart(SHORT_HOLD);

        String answer = bench.get();

        assertThat(answer)
                .startsWith("HTTP/1.1 503 ")
                .containsIgnoringCase("\nretry-after: 1\n")
                .contains("\"error\":\"no_owner\"", "no assignment was read yet", "\"bucket\":\"3f\",\"revision\":0")
                .doesNotContain("may_have_run");
        assertThat(bench.held()).isZero();
    }

    @Test
    void answersThatTheOwnerIsUnreachableWhenTheHoldIsOver() throws Exception {
        restart(SHORT_HOLD);
        bench.owner("dtable-server-01", RawTarget.nobody());

        String answer = bench.post("a row");

        assertThat(answer)
                .startsWith("HTTP/1.1 502 ")
                .contains("\"error\":\"owner_unreachable\"", "dtable-server-01")
                .doesNotContain("may_have_run");
    }

    @Test
    void answersThatTheOwnerIsUnreachableWhenItDoesNotReact() throws Exception {
        restart(SHORT_HOLD);
        try (ServerSocket deaf = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            List<SocketChannel> crowd = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                SocketChannel channel = SocketChannel.open();
                channel.configureBlocking(false);
                channel.connect(deaf.getLocalSocketAddress());
                crowd.add(channel);
            }
            bench.owner("dtable-server-01", "http://127.0.0.1:" + deaf.getLocalPort() + "/");

            String answer = bench.get();

            assertThat(answer).startsWith("HTTP/1.1 502 ").contains("\"error\":\"owner_unreachable\"", "timed out");
            for (SocketChannel channel : crowd) {
                channel.close();
            }
        }
    }

    @Test
    void answersThatTheBucketIsMovingWhenTheHoldIsOver() throws Exception {
        restart(SHORT_HOLD);
        RawTarget target = bench.answering(ProxyBench.notOwner(null));
        bench.owner("dtable-server-01", target.url());

        String answer = bench.get();

        assertThat(answer)
                .startsWith("HTTP/1.1 503 ")
                .containsIgnoringCase("\nretry-after: 1\n")
                .contains("\"error\":\"not_owner\"");
        assertThat(target.seen()).hasSizeGreaterThan(1);
    }

    @Test
    void sendsNothingToANodeThatIsNotRegisteredAnyMore() throws Exception {
        restart(SHORT_HOLD);
        RawTarget target = bench.answering(ProxyBench.ok("done"));
        bench.owner("dtable-server-01", target.url());
        bench.unregister("dtable-server-01");
        ProxyBench.await("gone", () -> bench.proxy.routes().of(ProxyBench.BUCKET) instanceof Destination.Nobody);

        String answer = bench.get();

        assertThat(answer).startsWith("HTTP/1.1 503 ").contains("\"error\":\"no_owner\"", "is not registered");
        assertThat(target.connections()).isZero();
    }

    @Test
    void goesOnWhenTheOwnerRegistersAnew() throws Exception {
        RawTarget target = bench.answering(ProxyBench.ok("done"));
        bench.assign("dtable-server-01");

        CompletableFuture<String> answer = async(bench::get);
        ProxyBench.await("held", () -> bench.held() == 1);
        bench.register("dtable-server-01", target.url());

        assertThat(answer.get(20, TimeUnit.SECONDS)).startsWith("HTTP/1.1 200 OK");
    }

    @Test
    void neverFollowsAnAddressOutOfARefusal() throws Exception {
        restart(SHORT_HOLD);
        RawTarget foreign = bench.answering(ProxyBench.ok("stolen"));
        NodeInfo lure = NodeInfo.of("dtable-server-02", foreign.url(), foreign.url());
        bench.owner(
                "dtable-server-01", bench.answering(ProxyBench.notOwner(lure)).url());

        String answer = bench.get();

        assertThat(answer).startsWith("HTTP/1.1 503 ");
        assertThat(foreign.connections()).isZero();
    }

    @Test
    void passesOnARefusalOfAnotherKind() throws Exception {
        RawTarget target = bench.answering("HTTP/1.1 421 Misdirected Request\nContent-Length: 15\n\nwrong TLS name\n");
        bench.owner("dtable-server-01", target.url());

        String answer = bench.post("a row");

        assertThat(answer).startsWith("HTTP/1.1 421 ").contains("wrong TLS name");
        assertThat(target.seen()).hasSize(1);
    }

    @Test
    void passesOnTheRefusalOfAnotherBucket() throws Exception {
        String json = new NotOwner(Bucket.of(1), null, 7).toJson();
        RawTarget target =
                bench.answering("HTTP/1.1 421 Misdirected Request\nContent-Length: " + json.length() + "\n\n" + json);
        bench.owner("dtable-server-01", target.url());

        String answer = bench.get();

        assertThat(answer).startsWith("HTTP/1.1 421 ").endsWith(json);
        assertThat(target.seen()).hasSize(1);
    }

    @Test
    void passesOnARefusalThatIsTooLongToBeOurs() throws Exception {
        String body = "x".repeat(100_000);
        bench.owner(
                "dtable-server-01",
                bench.answering("HTTP/1.1 421 Misdirected Request\nContent-Length: 100000\n\n" + body)
                        .url());

        String answer = bench.get();

        assertThat(answer).startsWith("HTTP/1.1 421 ").endsWith("\n\n" + body);
    }

    @Test
    void asksTheNextOwnerAlsoForAHeadWithoutABody() throws Exception {
        bench.owner(
                "former",
                bench.raw(wire -> {
                            while (true) {
                                wire.head();
                                wire.send("HTTP/1.1 421 Misdirected Request\nContent-Length: 70\n\n");
                            }
                        })
                        .url());
        bench.register(
                "next",
                bench.answering("HTTP/1.1 200 OK\nContent-Length: 70\n\n").url());
        Wire client = bench.connect().send("HEAD " + ProxyBench.PATH + " HTTP/1.1\nHost: proxy\n\n");
        ProxyBench.await("refused", () -> bench.retries(Setback.Cause.NOT_OWNER) > 0);

        bench.assign("next");

        assertThat(client.head()).startsWith("HTTP/1.1 200 OK");
    }

    @Test
    void movesALargeBodyToTheNextOwnerBecauseItIsNotSentBeforeItIsWanted() throws Exception {
        RawTarget former = bench.raw(wire -> {
            wire.head();
            wire.send(ProxyBench.notOwner(null));
            wire.rest();
        });
        RawTarget[] next = new RawTarget[1];
        next[0] = bench.raw(wire -> {
            next[0].seen().add(wire.head());
            wire.send("HTTP/1.1 100 Continue\n\n");
            next[0].seen().add(wire.text(200_000));
            wire.send(ProxyBench.ok("done"));
        });
        bench.owner("former", former.url());
        bench.register("next", next[0].url());
        String body = "0123456789".repeat(20_000);

        CompletableFuture<String> answer = async(() -> bench.post(body));
        ProxyBench.await("refused", () -> bench.retries(Setback.Cause.NOT_OWNER) > 0);
        bench.assign("next");

        assertThat(answer.get(20, TimeUnit.SECONDS)).startsWith("HTTP/1.1 200 OK");
        assertThat(next[0].seen().get(0)).containsIgnoringCase("\nexpect: 100-continue");
        assertThat(next[0].seen().get(1)).isEqualTo(body);
    }

    @Test
    void cannotRepeatALargeBodyThatIsGone() throws Exception {
        RawTarget target = bench.raw(wire -> {
            wire.head();
            wire.text(200_000);
            wire.send(ProxyBench.notOwner(null));
        });
        bench.owner("dtable-server-01", target.url());

        String answer = bench.post("0123456789".repeat(20_000));

        assertThat(answer)
                .startsWith("HTTP/1.1 503 ")
                .containsIgnoringCase("\nretry-after: 1\n")
                .contains("\"error\":\"not_owner\"");
        assertThat(target.connections()).isEqualTo(1);
    }

    @Test
    void holdsNoMoreThanItMay() throws Exception {
        restart(ProxyBench.SETTINGS.withLimits(1, 10, 10));
        bench.connect().send("GET " + ProxyBench.PATH + " HTTP/1.1\nHost: proxy\n\n");
        ProxyBench.await("held", () -> bench.held() == 1);

        String answer = bench.get();

        assertThat(answer)
                .startsWith("HTTP/1.1 503 ")
                .containsIgnoringCase("\nretry-after: 1\n")
                .contains("\"error\":\"too_many_held\"");
    }

    @Test
    void forgetsAHeldRequestWhoseClientIsGone() throws Exception {
        Wire client = bench.connect().send("GET " + ProxyBench.PATH + " HTTP/1.1\nHost: proxy\n\n");
        ProxyBench.await("held", () -> bench.held() == 1);

        client.close();

        ProxyBench.await("forgotten", () -> bench.held() == 0);
        RawTarget late = bench.answering(ProxyBench.ok("done"));
        bench.owner("dtable-server-01", late.url());
        assertThat(bench.get()).startsWith("HTTP/1.1 200 OK");
        assertThat(late.seen()).hasSize(1);
    }

    @Test
    void queuesNoMoreForOneNodeThanItMay() throws Exception {
        restart(SHORT_HOLD.withLimits(100, 1, 0));
        RawTarget busy = bench.raw(Wire::rest);
        bench.owner("dtable-server-01", busy.url());
        bench.connect().send("GET " + ProxyBench.PATH + " HTTP/1.1\nHost: proxy\n\n");
        ProxyBench.await("under way", () -> busy.connections() == 1);

        String answer = bench.get();

        assertThat(answer).startsWith("HTTP/1.1 503 ").contains("\"error\":\"too_busy\"");
        assertThat(busy.connections()).isEqualTo(1);
    }

    private void restart(ProxySettings settings) throws Exception {
        bench.close();
        bench = new ProxyBench(settings);
    }

    private static CompletableFuture<String> async(Callable<String> call) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return call.call();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }
}
