package org.bucketkeeper.examples.ctl;

import java.util.concurrent.Callable;
import org.bucketkeeper.bucket.Bucket;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Holds a bucket on a node. */
@Command(
        name = "pin",
        description =
                "Holds a bucket on a node for as long as that is live and not draining; in place of an older pin.")
final class PinCommand implements Callable<Integer> {

    @Mixin
    private CtlOptions options = new CtlOptions();

    @Parameters(index = "0", paramLabel = "BUCKET", description = "Two hex digits.", converter = BucketName.class)
    private Bucket bucket = Bucket.of(0);

    @Parameters(index = "1", paramLabel = "NODE", description = "The node's name.")
    private String nodeId = "";

    @Override
    public Integer call() throws InterruptedException {
        return options.run(cluster -> {
            cluster.requireNode(cluster.overview(), nodeId);
            PolicyChange change = PolicyChange.make(cluster, policy -> policy.pin(bucket, nodeId));
            String text = "Bucket " + bucket + " is pinned to " + nodeId + (change.happened() ? "." : " already.");
            return Answer.done(
                    text,
                    CtlJson.object()
                            .put("bucket", bucket.toString())
                            .put("pinned_to", nodeId)
                            .put("changed", change.happened()));
        });
    }
}
