package org.bucketkeeper.examples.ctl;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.bucketkeeper.assignment.Policy;

/**
 * What became of a change of the operators' wishes.
 *
 * @param before what they were
 * @param after what they are
 */
record PolicyChange(Policy before, Policy after) {

    static PolicyChange make(CtlCluster cluster, UnaryOperator<Policy> change) throws InterruptedException {
        AtomicReference<Policy> before = new AtomicReference<>(Policy.DEFAULT);
        Policy after = cluster.awaitAnswer(cluster.operator().changePolicy(policy -> {
            before.set(policy);
            return change.apply(policy);
        }));
        return new PolicyChange(Objects.requireNonNull(before.get()), after);
    }

    /** Tells whether it was not like this already. */
    boolean happened() {
        return !before.equals(after);
    }
}
