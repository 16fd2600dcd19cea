package org.bucketkeeper.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.bucketkeeper.driver.StateMachineDriver;
import org.bucketkeeper.driver.VirtualTime;
import org.bucketkeeper.store.CommitResult;
import org.bucketkeeper.store.KeepAliveResult;
import org.bucketkeeper.store.Lease;
import org.junit.jupiter.api.Test;

/** A thousand servers that do everything at the same moment, over a store that counts their renewals. */
class ManySessionsTest {

    private static final int SERVERS = 1_000;
    private static final Duration TTL = Duration.ofSeconds(90);
    private static final Duration WINDOW = Duration.ofMillis(100);
    private static final Duration LONG = Duration.ofMinutes(10);

    private final VirtualTime time = new VirtualTime();
    private final List<Long> renewals = new ArrayList<>();
    private boolean storeIsAway;

    /** Renewing every 27.5 s, a thousand servers send 3.6 in 100 ms if they are spread evenly. */
    private static final int MEAN_IN_WINDOW = 4;

    @Test
    void doNotRenewTogetherAfterACommonStart() {
        startServers();

        time.advance(LONG);

        assertThat(renewals).hasSizeGreaterThan(19 * SERVERS);
        assertThat(mostInAnyWindow()).isLessThanOrEqualTo(5 * MEAN_IN_WINDOW);
    }

    @Test
    void doNotRenewTogetherAfterAnOutage() {
        startServers();
        storeIsAway = true;
        time.advance(Duration.ofSeconds(50));
        renewals.clear();

        storeIsAway = false;
        time.advance(Duration.ofSeconds(3));
        // All of them, for each repeats what is not answered every three seconds.
        assertThat(mostInAnyWindow()).isLessThanOrEqualTo(3 * SERVERS / 30);
        renewals.clear();
        time.advance(LONG);

        assertThat(mostInAnyWindow()).isLessThanOrEqualTo(5 * MEAN_IN_WINDOW);
    }

    private void startServers() {
        for (int i = 0; i < SERVERS; i++) {
            new Server(i).driver.send(new SessionEvent.Started());
        }
        time.runDue();
    }

    private int mostInAnyWindow() {
        int most = 0;
        int first = 0;
        for (int last = 0; last < renewals.size(); last++) {
            while (renewals.get(last) - renewals.get(first) >= WINDOW.toNanos()) {
                first++;
            }
            most = Math.max(most, last - first + 1);
        }
        return most;
    }

    private final class Server {

        private final StateMachineDriver<SessionEvent, SessionAction> driver;

        Server(int number) {
            SessionMachine machine = new SessionMachine(
                    new SessionSettings(TTL, SessionSettings.FOREVER),
                    HeldKeys.single("node-" + number, lease -> ""),
                    new SplittableRandom(number));
            driver = new StateMachineDriver<>(time.newLoop(), machine, this::perform);
        }

        private void perform(SessionAction action) {
            if (action instanceof SessionAction.Grant grant) {
                driver.send(new SessionEvent.Granted(grant.attempt(), new Lease(1, TTL)));
            } else if (action instanceof SessionAction.Claim claim) {
                driver.send(new SessionEvent.ClaimAnswered(claim.leaseId(), new CommitResult.Committed(1)));
            } else if (action instanceof SessionAction.KeepAlive renewal) {
                renewals.add(time.nanoTime());
                if (!storeIsAway) {
                    driver.send(new SessionEvent.KeptAlive(
                            renewal.leaseId(), renewal.sentAt(), new KeepAliveResult.Renewed(TTL)));
                }
            }
        }
    }
}
