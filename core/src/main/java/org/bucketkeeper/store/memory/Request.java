package org.bucketkeeper.store.memory;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.bucketkeeper.store.CommitResult;
import org.bucketkeeper.store.StoreException;

/**
 * A request that waits for its answer; takes the first outcome and ignores the rest. Thread-safe.
 *
 * @param <T> the answer
 */
abstract sealed class Request<T> {

    private final String what;
    private final Command<T> command;
    private final CompletableFuture<T> answer = new CompletableFuture<>();

    private Request(String what, Command<T> command) {
        this.what = what;
        this.command = command;
    }

    /** Names what is asked of the store, for messages. */
    final String what() {
        return what;
    }

    final Command<T> command() {
        return command;
    }

    /** Returns the view of the answer that the caller gets, which the caller cannot complete. */
    final CompletionStage<T> stage() {
        return answer.minimalCompletionStage();
    }

    final boolean isOpen() {
        return !answer.isDone();
    }

    final void answer(T value) {
        answer.complete(value);
    }

    abstract void fail(StoreException cause);

    /** A request whose failure is an exception. */
    static final class Plain<T> extends Request<T> {

        Plain(String what, Command<T> command) {
            super(what, command);
        }

        @Override
        void fail(StoreException cause) {
            super.answer.completeExceptionally(cause);
        }
    }

    /** A transaction, whose failure is an answer of its own kind. */
    static final class Commit extends Request<CommitResult> {

        Commit(Command<CommitResult> command) {
            super("commit", command);
        }

        @Override
        void fail(StoreException cause) {
            answer(new CommitResult.Unknown(cause));
        }
    }
}
