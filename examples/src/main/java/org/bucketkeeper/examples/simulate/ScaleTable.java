package org.bucketkeeper.examples.simulate;

import java.io.PrintWriter;
import java.util.Locale;
import org.bucketkeeper.testing.scale.ScalePhase;
import org.bucketkeeper.testing.scale.ScaleReport;
import org.bucketkeeper.testing.scale.ScaleSimulation;

/** Prints what a large cluster asks of its store, line by line as it happens, in Markdown. */
final class ScaleTable {

    private static final double MEGA = 1e6;

    private final PrintWriter out;

    ScaleTable(PrintWriter out) {
        this.out = out;
    }

    void print(ClusterSize size, long seed) {
        out.printf(Locale.ROOT, "%,d servers, %,d routers%n%n", size.servers(), size.routers());
        out.println(
                "| what happens | s | renewals in 100 ms, mean | most | reads | most in 100 ms | last after s | MB read"
                        + " | events | MB of events | MB in the worst second |");
        out.println("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        long begin = System.nanoTime();
        ScaleReport report = ScaleSimulation.run(size.servers(), size.routers(), seed, this::print);
        out.printf(
                Locale.ROOT,
                "%nIn the end there are %,d keys. All of them are %,d bytes, the assignment is %,d, the registration of a"
                        + " server %,d and the claim on a bucket %,d.%nTook %.0f s.%n",
                report.keys(),
                report.prefixBytes(),
                report.assignmentBytes(),
                report.registrationBytes(),
                report.claimBytes(),
                (System.nanoTime() - begin) / 1e9);
    }

    private void print(ScalePhase phase) {
        out.printf(
                Locale.ROOT,
                "| %s | %d | %.1f | %,d | %,d | %,d | %.1f | %,.1f | %,d | %,.1f | %,.1f |%n",
                phase.name(),
                phase.duration().toSeconds(),
                phase.meanRenewals(),
                phase.mostRenewals(),
                phase.reads(),
                phase.mostReads(),
                phase.lastRead().toMillis() / 1e3,
                phase.readBytes() / MEGA,
                phase.events(),
                phase.eventBytes() / MEGA,
                phase.mostBytes() / MEGA);
        out.flush();
    }
}
