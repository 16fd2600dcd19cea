package org.bucketkeeper.internal.mirror;

import org.bucketkeeper.store.Snapshot;
import org.bucketkeeper.store.StoreException;
import org.bucketkeeper.store.WatchEvent;

/** What may happen to a mirror. */
sealed interface MirrorEvent {

    /** The mirror shall begin to follow the store. */
    record Started() implements MirrorEvent {}

    /** Somebody doubts the mirror and wants it compared with the store soon. */
    record RefreshRequested() implements MirrorEvent {}

    /** The read with that number was answered. */
    record ReadSucceeded(long readNumber, Snapshot snapshot) implements MirrorEvent {}

    /** The read with that number failed. */
    record ReadFailed(long readNumber, StoreException cause) implements MirrorEvent {}

    /** The watch with that number reported something. */
    record Watched(long watchNumber, WatchEvent event) implements MirrorEvent {}
}
