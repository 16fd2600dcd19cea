package org.bucketkeeper.examples.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.bucketkeeper.examples.browser.Browser;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** The status page in a real browser: what it shows, and what an operator does with it. */
@Tag("once")
class StatusPageTest {

    private static final String TOKEN = "open-sesame";

    @TempDir
    private Path folder;

    private Browser browser;
    private AdminCluster cluster;

    @BeforeEach
    void start() throws Exception {
        browser = Browser.launch(folder.resolve("profile"));
        browser.resize(1440, 900);
        cluster = new AdminCluster(TOKEN);
        cluster.startServer("dtable-server-01");
        cluster.startServer("dtable-server-02");
        cluster.startMonitor();
        cluster.awaitOwned("dtable-server-01", 128);
        cluster.awaitOwned("dtable-server-02", 128);
        browser.open(cluster.url("/").toString());
        browser.await("the picture", () -> cells("[data-held=dtable-server-01]") == 128);
    }

    @AfterEach
    void end() throws Exception {
        browser.close();
        cluster.close();
    }

    @Test
    void showsWhoHoldsEachBucketAndWhoLeads() {
        assertThat(cells("")).isEqualTo(256);
        assertThat(cells("[data-held=dtable-server-02]")).isEqualTo(128);
        assertThat(cells("[data-moving]")).isZero();
        assertThat(text("#leader")).contains("monitor-01");
        assertThat(find("#connection").getAttribute("data-state")).isEqualTo("live");
        assertThat(find("[data-node=dtable-server-01]").getAttribute("data-condition"))
                .isEqualTo("live");
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void rebalancesFromThePageAndShowsTheBucketsMove() throws Exception {
        cluster.startServer("dtable-server-03");
        browser.await("the new node", () -> count("[data-node=dtable-server-03]") == 1);
        find("#token").sendKeys(TOKEN);
        find("#token-accept").click();
        browser.await("the token to be accepted", () -> find("#rebalance").isEnabled());

        find("#rebalance").click();
        browser.await("the plan", () -> find("#plan-confirm").isDisplayed());
        browser.screenshot("status-plan");
        find("#plan-confirm").click();

        browser.await("the buckets to move", () -> cells("[data-moving]") == 85);
        browser.screenshot("status-rebalance");
        cluster.letGo();
        browser.await("the buckets to have moved", () -> cells("[data-held=dtable-server-03]") == 85);
        assertThat(cells("[data-moving]")).isZero();
        assertThat(count("#moves li")).isPositive();
        assertThat(browser.complaints()).isEmpty();
        browser.screenshot("status-balanced");
    }

    @Test
    void drainsANodeFromThePage() throws Exception {
        cluster.letGo();
        find("#token").sendKeys(TOKEN);
        find("#token-accept").click();
        By drain = By.cssSelector("[data-node=dtable-server-01] button[data-action=drain]");
        browser.await("the buttons", () -> browser.driver().findElement(drain).isDisplayed());

        browser.driver().findElement(drain).click();

        browser.await("the node to be empty", () -> cells("[data-held=dtable-server-02]") == 256);
        assertThat(find("[data-node=dtable-server-01]").getAttribute("data-condition"))
                .isEqualTo("draining");
    }

    @Test
    void refusesAWrongToken() {
        find("#token").sendKeys("wrong");
        find("#token-accept").click();

        browser.await("the refusal", () -> text("body").toLowerCase(Locale.ROOT).contains("token"));
        assertThat(find("#rebalance").isEnabled()).isFalse();
    }

    @Test
    void isUsedWithTheKeyboard() {
        WebElement first = find("[data-bucket='00']");
        browser.script("arguments[0].focus()", first);

        for (CharSequence key : List.of(Keys.ARROW_RIGHT, Keys.ARROW_DOWN)) {
            browser.driver().switchTo().activeElement().sendKeys(key);
        }

        assertThat(browser.driver().switchTo().activeElement().getAttribute("data-bucket"))
                .isEqualTo("11");
        assertThat(browser.driver().findElements(By.cssSelector("[data-bucket][tabindex='0']")))
                .hasSize(1);
    }

    @Test
    void fitsAPhone() throws Exception {
        browser.resize(500, 900);

        assertThat(browser.script(
                        "return document.documentElement.scrollWidth <= document.documentElement.clientWidth"))
                .isEqualTo(true);
        browser.screenshot("status-phone");
    }

    private long cells(String condition) {
        return count("[data-bucket]" + condition);
    }

    private long count(String selector) {
        return browser.driver().findElements(By.cssSelector(selector)).size();
    }

    private WebElement find(String selector) {
        return browser.driver().findElement(By.cssSelector(selector));
    }

    private String text(String selector) {
        return find(selector).getText();
    }
}
