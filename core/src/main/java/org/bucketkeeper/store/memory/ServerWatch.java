package org.bucketkeeper.store.memory;

import java.util.function.Consumer;
import org.bucketkeeper.store.WatchEvent;

/** The server's side of a watch: knows how far it has reported. */
final class ServerWatch {

    private final String prefix;
    private final Consumer<WatchEvent> sender;
    private long nextRevision;

    ServerWatch(String prefix, long fromRevision, Consumer<WatchEvent> sender) {
        this.prefix = prefix;
        this.nextRevision = fromRevision;
        this.sender = sender;
    }

    boolean canStartFrom(History history) {
        return history.reachesBackTo(nextRevision);
    }

    /** Sends what happened since the last call, up to {@code revision}. */
    void report(History history, long revision) {
        for (WatchEvent.Changes event : history.since(nextRevision, prefix)) {
            sender.accept(event);
        }
        nextRevision = Math.max(nextRevision, revision + 1);
    }

    void end(WatchEvent.Reason reason, Throwable cause) {
        sender.accept(new WatchEvent.Ended(reason, cause));
    }
}
