package org.bucketkeeper.ownership;

import static org.bucketkeeper.ownership.Interleavings.inEveryOrder;
import static org.bucketkeeper.ownership.Interleavings.require;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What the gate promises whatever the order in which threads get to run.
 *
 * <p>Seen to fail with the gate broken on purpose: an entrance that looks first and counts then, or gives the place of
 * a late visitor back without looking whether it was the last; a closing that reads and then writes; a draining that
 * is told without comparing.
 */
@Tag("once")
class GateConcurrencyTest {

    @Test
    void tellsOnceThatItIsDrainedAndLetsNobodyInAfterwards() {
        inEveryOrder(() -> {
            Gate gate = new Gate();
            AtomicInteger told = new AtomicInteger();
            Runnable visitor = () -> {
                if (gate.tryEnter()) {
                    require(told.get() == 0, "entered a gate that was told to be drained");
                    require(gate.inside() > 0, "entered without being counted");
                    gate.leave();
                }
            };
            Runnable closer = () -> gate.close(told::incrementAndGet);

            Interleavings.run(visitor, visitor, closer);

            require(told.get() == 1, "told " + told.get() + " times that it is drained");
            require(gate.inside() == 0, gate.inside() + " are counted as inside, and nobody is");
            require(!gate.tryEnter(), "entered a closed gate");
        });
    }

    @Test
    void isNotDrainedWhileOneWhoEnteredIsStillInside() {
        inEveryOrder(() -> {
            Gate gate = new Gate();
            AtomicInteger told = new AtomicInteger();
            AtomicInteger stayed = new AtomicInteger();
            Runnable guest = () -> {
                if (gate.tryEnter()) {
                    stayed.incrementAndGet();
                }
            };
            Runnable passerBy = () -> {
                if (gate.tryEnter()) {
                    gate.leave();
                }
            };

            Interleavings.run(guest, passerBy, () -> gate.close(told::incrementAndGet));

            require(gate.inside() == stayed.get(), "counted " + gate.inside() + " of " + stayed.get());
            require(told.get() == 1 - stayed.get(), "told " + told.get() + " times with " + stayed.get() + " inside");
            if (stayed.get() == 1) {
                gate.leave();
            }
            require(told.get() == 1, "told " + told.get() + " times after the last one left");
        });
    }
}
