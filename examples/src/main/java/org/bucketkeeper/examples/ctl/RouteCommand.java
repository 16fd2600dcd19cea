package org.bucketkeeper.examples.ctl;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.membership.NodeInfo;
import org.bucketkeeper.monitor.BucketOverview;
import org.bucketkeeper.monitor.ClusterOverview;
import org.bucketkeeper.monitor.NodeOverview;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows who serves a base. */
@Command(
        name = "route",
        description = {"Shows which node serves a base, and who holds its bucket.", "", "Exit code 1 if nobody does."})
final class RouteCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private CtlOptions options = new CtlOptions();

    @Parameters(paramLabel = "UUID", description = "The base's UUID, dashed or not, in either case.")
    private String uuid = "";

    @Override
    public Integer call() throws InterruptedException {
        Bucket bucket = bucket();
        return options.run(cluster -> answer(cluster.overview(), bucket));
    }

    private Bucket bucket() {
        try {
            return Bucket.of(uuid);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    private Answer answer(ClusterOverview overview, Bucket bucket) {
        BucketOverview standing = overview.buckets().get(bucket.index());
        String nodeId = standing.assignedTo();
        NodeOverview node = nodeId == null ? null : overview.node(nodeId);
        NodeInfo info = node == null ? null : node.info();
        ObjectNode json = CtlJson.object()
                .put("dtable_uuid", uuid.replace("-", "").toLowerCase(Locale.ROOT))
                .put("bucket", bucket.toString())
                .put("node_id", nodeId)
                .put("node_url", info == null ? null : info.nodeUrl().toString())
                .put("local_node_url", info == null ? null : info.localNodeUrl().toString())
                .put("condition", node == null ? null : CtlJson.name(node.condition()))
                .put("held_by", standing.heldBy())
                .put("fencing_token", standing.fencingToken())
                .put("changing_hands", standing.isChangingHands())
                .put("revision", overview.assignment().revision());
        String text = String.join(
                "\n",
                "Base      " + uuid,
                "Bucket    " + bucket,
                "Node      " + node(node),
                "Browsers  " + (info == null ? "-" : info.nodeUrl()),
                "Intranet  " + (info == null ? "-" : info.localNodeUrl()),
                "Held by   " + holder(standing));
        return new Answer(info == null ? ExitCode.REFUSED : ExitCode.DONE, text, json);
    }

    private static String node(@Nullable NodeOverview node) {
        return node == null ? "@|bold,red none|@" : node.nodeId() + " (" + CtlJson.name(node.condition()) + ")";
    }

    private static String holder(BucketOverview standing) {
        if (standing.heldBy() == null) {
            return "nobody yet";
        }
        return standing.heldBy() + ", token " + standing.fencingToken()
                + (standing.isChangingHands() ? ", which is handing it over" : "");
    }
}
