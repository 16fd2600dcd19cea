package org.bucketkeeper.examples.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.bucketkeeper.examples.browser.Browser;
import org.bucketkeeper.examples.program.Environment;
import org.bucketkeeper.examples.server.DtableServer;
import org.bucketkeeper.examples.server.ServerSettings;
import org.bucketkeeper.examples.server.StorageSettings;
import org.bucketkeeper.testing.TcpRelay;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** The page of a base, in a real browser, with real servers. */
@Tag("once")
class BasePageTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final String uuid = UUID.randomUUID().toString();

    @TempDir
    private Path folder;

    private Browser browser;
    private @Nullable SmallDeployment started;

    @BeforeEach
    void launchBrowser() {
        browser = Browser.launch(folder.resolve("profile"));
        browser.resize(1200, 800);
    }

    @AfterEach
    void endAll() throws Exception {
        browser.close();
        if (started != null) {
            started.end();
        }
    }

    @Test
    void followsItsBaseWhenTheServerIsDrainedAndShowsEachRowOnce() throws Exception {
        SmallDeployment deployment = start("dtable-server-01", "dtable-server-02");
        openBase(deployment);
        add("written before the move");
        awaitSaved(1);
        String first = node();
        String second = first.equals("dtable-server-01") ? "dtable-server-02" : "dtable-server-01";

        Thread drain = new Thread(() -> drainQuietly(deployment, first), "drain");
        drain.start();
        for (int i = 0; i < 20; i++) {
            add("written during the move " + i);
        }
        drain.join();
        browser.await("the page to follow", () -> second.equals(node()) && isLive());
        add("written after the move");
        awaitSaved(22);

        List<String> expected = IntStream.range(0, 22)
                .mapToObj(i -> i == 0
                        ? "written before the move"
                        : i == 21 ? "written after the move" : "written during the move " + (i - 1))
                .toList();
        assertThat(shownTexts()).containsExactlyElementsOf(expected);
        assertThat(storedTexts(deployment, second)).containsExactlyElementsOf(expected);
        assertThat(browser.driver().findElement(By.id("server")).getText()).isEqualTo("Served by " + second);
        assertThat(browser.complaints()).isEmpty();
        browser.screenshot("base-after-move");
    }

    @Test
    void showsARowOnceWhoseAcknowledgementWasLost() throws Exception {
        Vertx vertx = Vertx.vertx();
        DtableServer server = DtableServer.start(
                vertx,
                null,
                new ServerSettings(
                        "127.0.0.1",
                        0,
                        ServerSettings.Names.AS_CONFIGURED,
                        null,
                        StorageSettings.file(folder),
                        ServerSettings.Times.DEFAULT));
        String direct = "http://127.0.0.1:" + server.port();
        try (TcpRelay relay = TcpRelay.to("127.0.0.1:" + server.port())) {
            Environment environment = new Environment(Map.of(WebSettings.SERVER_URL, "http://" + relay.endpoint()));
            DtableWeb web = DtableWeb.startAlone(vertx, WebSettings.alone("127.0.0.1", 0, environment));
            browser.open("http://127.0.0.1:" + web.port() + "/dtable/" + uuid + "/");
            browser.await("the base", () -> isLive());

            relay.blackhole(TcpRelay.Direction.TO_CLIENT);
            add("stored, but not acknowledged");
            browser.await("the row to be stored", () -> storedTexts(direct).size() == 1);
            boolean saved = Long.valueOf(1).equals(countOf("tr[data-state=saved]"));
            relay.cut();
            relay.heal();
            awaitSaved(1);
            add("another");
            awaitSaved(2);

            assertThat(saved).isFalse();
            assertThat(shownTexts()).containsExactly("stored, but not acknowledged", "another");
            assertThat(storedTexts(direct)).containsExactly("stored, but not acknowledged", "another");
            web.stop().toCompletableFuture().get(30, TimeUnit.SECONDS);
        } finally {
            server.stop().toCompletableFuture().get(30, TimeUnit.SECONDS);
            vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void keepsWhatIsNotSavedThroughAReloadWhileNobodyServes() throws Exception {
        SmallDeployment deployment = start("dtable-server-01");
        openBase(deployment);
        add("saved at once");
        awaitSaved(1);
        deployment.stopServer("dtable-server-01");
        browser.await("the loss to be noticed", () -> !isLive());

        add("written while nobody serves");
        browser.screenshot("base-waiting");
        browser.driver().navigate().refresh();
        browser.await("the row to be there again", () -> shownTexts().contains("written while nobody serves"));
        String waiting = browser.driver().findElement(By.id("saving")).getText();
        deployment.startServer("dtable-server-01");
        awaitSaved(2);

        assertThat(waiting).isEqualTo("1 row kept here until the server is back");
        assertThat(shownTexts()).containsExactly("saved at once", "written while nobody serves");
        assertThat(storedTexts(deployment, "dtable-server-01"))
                .containsExactly("saved at once", "written while nobody serves");
        assertThat(browser.driver().findElement(By.id("saving")).getText()).isEqualTo("Everything is saved");
    }

    @Test
    void showsWhatOthersAddWithoutReloading() throws Exception {
        SmallDeployment deployment = start("dtable-server-01");
        openBase(deployment);

        post(deployment, """
                {"rows": [{"text": "by another program"}, {"name": "Ada", "born": 1815}]}
                """);
        awaitSaved(2);

        assertThat(shownTexts()).containsExactly("by another program", "{\"name\":\"Ada\",\"born\":1815}");
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void showsWhatLooksLikeMarkupAsText() throws Exception {
        SmallDeployment deployment = start("dtable-server-01");
        openBase(deployment);

        add("<img src=x onerror=document.title='broken'> & <b>bold</b>");
        awaitSaved(1);

        assertThat(shownTexts()).containsExactly("<img src=x onerror=document.title='broken'> & <b>bold</b>");
        assertThat(browser.driver().getTitle()).startsWith("Base ");
    }

    @Test
    void showsTheEndOfALongBaseAndMoreWhenAskedTo() throws Exception {
        SmallDeployment deployment = start("dtable-server-01");
        for (int i = 0; i < 2; i++) {
            String rows = String.join(
                    ",",
                    IntStream.range(i * 600, (i + 1) * 600)
                            .mapToObj(row -> "{\"text\":\"row " + row + "\"}")
                            .toList());
            post(deployment, "{\"rows\":[" + rows + "]}");
        }
        openBase(deployment);
        awaitSaved(500);

        browser.driver().findElement(By.cssSelector("#earlier button")).click();

        awaitSaved(1000);
        assertThat(shownTexts()).startsWith("row 200").endsWith("row 1199");
    }

    @Test
    void fitsAPhoneAndTheDark() throws Exception {
        SmallDeployment deployment = start("dtable-server-01");
        browser.resize(360, 740);
        browser.preferDark();
        openBase(deployment);
        add(
                "A row that is so long that it has to be broken on a phone, and a-word-that-is-longer-than-the-screen-is-wide");
        add("Another");
        awaitSaved(2);
        browser.screenshot("base-phone-dark");

        assertThat(browser.script("return document.documentElement.scrollWidth"))
                .isEqualTo(360L);
        assertThat(browser.script("return document.getElementById('sheet').scrollWidth"
                        + " - document.getElementById('sheet').clientWidth"))
                .isEqualTo(0L);
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void opensABaseByItsUuidAndSaysWhatIsNone() throws Exception {
        SmallDeployment deployment = start("dtable-server-01");
        browser.open(deployment.webUrl("/"));
        WebElement field = browser.driver().findElement(By.id("uuid"));
        field.sendKeys("f81d", Keys.ENTER);
        String wrong = browser.driver().findElement(By.id("wrong")).getText();
        browser.screenshot("index");

        field.clear();
        field.sendKeys(uuid, Keys.ENTER);
        browser.await("the base", () -> isLive());

        assertThat(wrong).isEqualTo("That is no UUID: it has 32 hex digits, with or without dashes.");
        assertThat(browser.driver().getCurrentUrl()).isEqualTo(deployment.webUrl("/dtable/" + uuid + "/"));
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void makesANewBase() throws Exception {
        SmallDeployment deployment = start("dtable-server-01");
        browser.open(deployment.webUrl("/"));

        browser.driver().findElement(By.id("make")).click();

        browser.await("the base", () -> isLive());
        assertThat(browser.driver().findElement(By.id("empty")).isDisplayed()).isTrue();
        browser.screenshot("base-empty");
    }

    private SmallDeployment start(String... nodeIds) {
        SmallDeployment deployment = new SmallDeployment(folder, nodeIds);
        started = deployment;
        return deployment;
    }

    private void openBase(SmallDeployment deployment) {
        browser.open(deployment.webUrl("/dtable/" + uuid + "/"));
        browser.await("the base", () -> isLive());
    }

    private void add(String text) {
        browser.driver().findElement(By.id("text")).sendKeys(text, Keys.ENTER);
    }

    private void drainQuietly(SmallDeployment deployment, String nodeId) {
        try {
            deployment.drain(nodeId);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private boolean isLive() {
        return "live".equals(browser.script("return document.body.dataset.connection"));
    }

    private String node() {
        return String.valueOf(browser.script("return document.body.dataset.node"));
    }

    private void awaitSaved(int count) {
        browser.await(
                count + " saved rows",
                () -> Long.valueOf(count).equals(countOf("#rows tr[data-state=saved][data-seq]")));
    }

    private @Nullable Object countOf(String selector) {
        return browser.script("return document.querySelectorAll(arguments[0]).length", selector);
    }

    private List<String> shownTexts() {
        Object texts =
                browser.script("return [...document.querySelectorAll('#rows td.text')].map(cell => cell.textContent)");
        return texts instanceof List<?> list
                ? list.stream().map(String::valueOf).toList()
                : List.of();
    }

    private List<String> storedTexts(SmallDeployment deployment, String nodeId) {
        return storedTexts(deployment.serverUrl(nodeId, ""));
    }

    private List<String> storedTexts(String serverUrl) {
        HttpRequest read = HttpRequest.newBuilder(URI.create(serverUrl + "/api/v1/dtables/" + uuid + "/"))
                .build();
        try {
            JsonNode base =
                    JSON.readTree(http.send(read, BodyHandlers.ofString()).body());
            return base.path("rows").findValuesAsText("text");
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void post(SmallDeployment deployment, String rows) throws Exception {
        HttpRequest append = HttpRequest.newBuilder(
                        URI.create(deployment.serverUrl("dtable-server-01", "/api/v1/dtables/" + uuid + "/rows/")))
                .POST(BodyPublishers.ofString(rows))
                .build();
        assertThat(http.send(append, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
    }
}
