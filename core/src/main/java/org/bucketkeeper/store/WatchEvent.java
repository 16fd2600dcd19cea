package org.bucketkeeper.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a watch reports. */
public sealed interface WatchEvent {

    /**
     * Keys under the prefix changed.
     *
     * @param revision the revision that changed them; larger than that of any event before
     * @param changes all changes of that revision under the prefix, at least one; unmodifiable
     */
    record Changes(long revision, List<Change> changes) implements WatchEvent {

        /** Makes the list unmodifiable. */
        public Changes {
            changes = List.copyOf(changes);
        }
    }

    /**
     * All changes up to a revision were reported; a sign of life, which a store may give or not.
     *
     * @param revision the revision up to which nothing is missing
     */
    record Progress(long revision) implements WatchEvent {}

    /**
     * The watch is over and changes may have been missed; nothing more will be reported.
     *
     * @param reason why
     * @param cause what the store or the connection said; null if there is nothing to add
     */
    record Ended(Reason reason, @Nullable Throwable cause) implements WatchEvent {}

    /** Why a watch ended. */
    enum Reason {
        /** The connection was lost, or the store ended the watch, was too slow or said something unexpected. */
        DISCONNECTED,
        /** The store no longer has the history from the revision asked for on. */
        COMPACTED
    }
}
