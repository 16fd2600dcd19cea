package org.bucketkeeper.examples.ctl;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.Callable;
import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.monitor.PastTenure;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Shows who owned a bucket when. */
@Command(
        name = "history",
        description = {
            "Shows who owned a bucket when, with the fencing tokens, the oldest first.",
            "",
            "The times are the monitors', in UTC; what orders the owners for certain is the token."
        })
final class HistoryCommand implements Callable<Integer> {

    @Mixin
    private CtlOptions options = new CtlOptions();

    @Parameters(paramLabel = "BUCKET", description = "Two hex digits.", converter = BucketName.class)
    private Bucket bucket = Bucket.of(0);

    @Override
    public Integer call() throws InterruptedException {
        return options.run(cluster -> {
            List<PastTenure> tenures = cluster.await(cluster.operator().history(bucket));
            return Answer.done(text(tenures), json(tenures));
        });
    }

    private String text(List<PastTenure> tenures) {
        if (tenures.isEmpty()) {
            return "Nothing is recorded of bucket " + bucket + ".";
        }
        TextTable table = new TextTable(">TOKEN", "NODE", "SINCE", "UNTIL", ">LASTED");
        for (PastTenure tenure : tenures) {
            Instant until = tenure.until();
            table.add(
                    tenure.fencingToken(),
                    tenure.nodeId(),
                    tenure.since().truncatedTo(ChronoUnit.SECONDS),
                    until == null ? "now" : until.truncatedTo(ChronoUnit.SECONDS),
                    until == null ? "" : Text.duration(Duration.between(tenure.since(), until)));
        }
        return table.toString();
    }

    private ObjectNode json(List<PastTenure> tenures) {
        ObjectNode json = CtlJson.object().put("bucket", bucket.toString());
        ArrayNode array = json.putArray("tenures");
        for (PastTenure tenure : tenures) {
            Instant until = tenure.until();
            array.addObject()
                    .put("node_id", tenure.nodeId())
                    .put("incarnation", tenure.incarnation())
                    .put("fencing_token", tenure.fencingToken())
                    .put("since", tenure.since().toString())
                    .put("until", until == null ? null : until.toString());
        }
        return json;
    }
}
