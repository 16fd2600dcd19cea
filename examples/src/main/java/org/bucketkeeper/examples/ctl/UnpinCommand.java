package org.bucketkeeper.examples.ctl;

import java.util.concurrent.Callable;
import org.bucketkeeper.bucket.Bucket;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Takes a pin back. */
@Command(
        name = "unpin",
        description = "Lets a pinned bucket move again; it stays where it is until something moves it.")
final class UnpinCommand implements Callable<Integer> {

    @Mixin
    private CtlOptions options = new CtlOptions();

    @Parameters(paramLabel = "BUCKET", description = "Two hex digits.", converter = BucketName.class)
    private Bucket bucket = Bucket.of(0);

    @Override
    public Integer call() throws InterruptedException {
        return options.run(cluster -> {
            PolicyChange change = PolicyChange.make(cluster, policy -> policy.unpin(bucket));
            String nodeId = change.before().pins().get(bucket);
            String text = nodeId == null
                    ? "Bucket " + bucket + " is not pinned."
                    : "Bucket " + bucket + " is no longer pinned to " + nodeId + ".";
            return Answer.done(
                    text,
                    CtlJson.object()
                            .put("bucket", bucket.toString())
                            .put("was_pinned_to", nodeId)
                            .put("changed", change.happened()));
        });
    }
}
