package org.bucketkeeper.examples.monitor;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.CompletionStage;
import org.bucketkeeper.examples.program.ClusterConnection;
import org.bucketkeeper.examples.program.Program;
import org.bucketkeeper.monitor.ClusterMonitor;

/** A cluster monitor: any number of them may run, one leads and the others stand by. */
public final class MonitorProgram implements Program {

    private final ClusterMonitor monitor;
    private final String startLine;

    private MonitorProgram(ClusterMonitor monitor, String startLine) {
        this.monitor = monitor;
        this.startLine = startLine;
    }

    /** Returns a name for the monitor of this process that no other process is likely to have. */
    public static String defaultMonitorId() {
        return "monitor-" + hostName() + "-" + ProcessHandle.current().pid();
    }

    /**
     * Starts a monitor; it stands for election as soon as the store can be reached.
     *
     * @param connection stays the caller's to close, after the program
     * @param monitorId the name that is shown while it leads
     */
    public static MonitorProgram start(ClusterConnection connection, String monitorId) {
        ClusterMonitor monitor =
                connection.roles().monitor().monitorId(monitorId).start();
        return new MonitorProgram(monitor, "cluster-monitor " + monitorId + ": " + connection);
    }

    /** Returns the monitor itself. */
    public ClusterMonitor monitor() {
        return monitor;
    }

    @Override
    public String startLine() {
        return startLine;
    }

    @Override
    public CompletionStage<Void> stop() {
        return monitor.resign();
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "unnamed-host";
        }
    }
}
