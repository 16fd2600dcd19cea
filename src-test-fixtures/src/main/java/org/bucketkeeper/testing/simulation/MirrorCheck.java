package org.bucketkeeper.testing.simulation;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.bucketkeeper.internal.mirror.MirrorUpdate;
import org.bucketkeeper.store.Entry;

/** Checks that a process's copy of the store at a revision is what stood in the store at that revision. */
final class MirrorCheck implements Consumer<MirrorUpdate> {

    private final Checks checks;
    private final SimulatedProcess process;
    private final Map<String, Entry> copied = new HashMap<>();
    private long sum;

    MirrorCheck(Checks checks, SimulatedProcess process) {
        this.checks = checks;
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
        checks.onMirrored(process, update.revision(), sum);
    }
}
