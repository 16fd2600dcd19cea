package org.bucketkeeper.testing.simulation;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.bucketkeeper.driver.EventLoop;
import org.bucketkeeper.internal.mirror.MirrorUpdate;
import org.bucketkeeper.store.Entry;

/** Checks that a process's copy of the store at a revision is what stood in the store at that revision. */
final class MirrorCheck implements Consumer<MirrorUpdate> {

    private final World world;
    private final SimulatedProcess process;
    private final Map<String, Entry> copied = new HashMap<>();
    private long sum;

    MirrorCheck(World world, SimulatedProcess process) {
        this.world = world;
        this.process = process;
    }

    @Override
    public void accept(MirrorUpdate update) {
        for (String key : update.changedKeys()) {
            Entry now = process.link().mirror().get(key);
            Entry before = now == null ? copied.remove(key) : copied.put(key, now);
            sum ^= before == null ? 0 : Checksum.of(before);
            sum ^= now == null ? 0 : Checksum.of(now);
        }
        world.checks().onMirrored(process, update.revision(), sum);
        if (world.settings().guarantee() == StoreGuarantee.LOSES_WRITES) {
            tellWhenDealtWith(update.revision());
        }
    }

    /** The others are told after this and deal with it in tasks of their own, which go before the second of these. */
    private void tellWhenDealtWith(long revision) {
        EventLoop loop = process.link().loop();
        loop.execute(() -> loop.execute(() -> world.board().lostClaims().read(process, revision)));
    }
}
