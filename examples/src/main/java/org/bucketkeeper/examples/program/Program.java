package org.bucketkeeper.examples.program;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A program that runs, alone or beside others in one process. Thread-safe; no method blocks. */
public interface Program {

    /** Returns one line that says what runs where, for people. */
    String startLine();

    /**
     * Ends the program in an orderly way.
     *
     * @return completes when everything is closed, within a bounded time; the same each time it is called
     */
    CompletionStage<Void> stop();

    /** Returns a stage that completes exceptionally if the program cannot go on; by default it never completes. */
    default CompletionStage<Void> failure() {
        return new CompletableFuture<>();
    }
}
