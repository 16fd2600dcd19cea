package org.bucketkeeper.examples.benchmarks;

import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Which base a thread looks up next, so that neither the processor nor the compiler can learn the answer. */
@State(Scope.Thread)
public class Turn {

    private int next;

    int next() {
        return next++ & 0xff;
    }
}
