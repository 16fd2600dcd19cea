package org.bucketkeeper.examples.ctl;

import java.util.concurrent.Callable;
import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.monitor.BucketOverview;
import org.bucketkeeper.monitor.ClusterOverview;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Ends a release that hangs. */
@Command(
        name = "release",
        description = {
            "Ends a hand-over that hangs: has the owner give the bucket up without saving it first.",
            "",
            "What the owner did not save is lost. It works only while the bucket is on its way to another node, and"
                    + " only with the token that status or watch shows."
        })
final class ReleaseCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private CtlOptions options = new CtlOptions();

    @Option(names = "--force", description = "Say that you know that what was not saved is lost.")
    private boolean force;

    @Parameters(index = "0", paramLabel = "BUCKET", description = "Two hex digits.", converter = BucketName.class)
    private Bucket bucket = Bucket.of(0);

    @Parameters(index = "1", paramLabel = "TOKEN", description = "The fencing token of the claim that hangs.")
    private long token;

    @Override
    public Integer call() throws InterruptedException {
        if (!force) {
            throw new ParameterException(
                    spec.commandLine(), "what was not saved is lost by this: say --force if you mean it");
        }
        return options.run(cluster -> {
            ClusterOverview overview = cluster.overview();
            BucketOverview standing = overview.buckets().get(bucket.index());
            String holder = standing.heldBy();
            if (holder == null) {
                throw CtlException.refused("bucket " + bucket + " is held by nobody");
            }
            if (standing.fencingToken() != token) {
                throw CtlException.refused("bucket " + bucket + " is held by " + holder + " with token "
                        + standing.fencingToken() + ", not " + token);
            }
            if (!standing.isChangingHands()) {
                throw CtlException.refused(
                        "bucket " + bucket + " is not being handed over; move it away from " + holder + " first");
            }
            cluster.awaitAnswer(cluster.operator().forceRelease(bucket, token));
            return Answer.done(
                    "Bucket " + bucket + " was given up by " + holder + "; what it had not saved is lost.",
                    CtlJson.object()
                            .put("bucket", bucket.toString())
                            .put("released_by", holder)
                            .put("fencing_token", token));
        });
    }
}
