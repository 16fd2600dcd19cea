package org.bucketkeeper.testing.simulation;

import java.time.Duration;
import org.bucketkeeper.monitor.ClusterMonitor;
import org.bucketkeeper.monitor.TenureHistory;

/** One life of a monitor. */
final class MonitorProcess {

    static final int WAVE = 16;

    private static final Duration CHECK_INTERVAL = Duration.ofSeconds(10);
    private static final Duration WAVE_INTERVAL = Duration.ofSeconds(4);

    private final SimulatedProcess process;
    private final ClusterMonitor monitor;

    MonitorProcess(World world, String name) {
        process = new SimulatedProcess(world, name);
        world.checks().plans().follow(process);
        Scenario scenario = world.scenario();
        monitor = ClusterMonitor.builder(process.client())
                .monitorId(name)
                .leaderTtl(scenario.leaderTtl())
                .nodeTtl(scenario.ttl())
                .settleWindow(Scenario.SETTLE)
                .massLossHold(Scenario.MASS_LOSS_HOLD)
                .checkInterval(CHECK_INTERVAL)
                .wave(WAVE, WAVE_INTERVAL)
                // Nothing depends on it, and it would double the commits to simulate.
                .tenureHistory(TenureHistory.NOT_KEPT)
                .startSharing(process.link());
    }

    SimulatedProcess process() {
        return process;
    }

    ClusterMonitor monitor() {
        return monitor;
    }
}
