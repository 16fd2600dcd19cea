package org.bucketkeeper.ownership;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** The counter of a {@link Gate}, in a class of its own because the order of fields follows the order of classes. */
abstract class GateCount extends Padding {

    static final VarHandle COUNT;

    static {
        try {
            COUNT = MethodHandles.lookup().findVarHandle(GateCount.class, "count", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** How many are inside, and in the highest bits whether the gate is closed and was seen empty. */
    @SuppressWarnings("unused") // Accessed through COUNT.
    private volatile long count;
}
