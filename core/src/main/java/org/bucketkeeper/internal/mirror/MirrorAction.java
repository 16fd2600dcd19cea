package org.bucketkeeper.internal.mirror;

/** What a mirror asks for. */
sealed interface MirrorAction {

    /** Read the prefix; the answer carries the number. */
    record Read(long readNumber) implements MirrorAction {}

    /** Watch the prefix from a revision on; the watch's events carry the number. */
    record OpenWatch(long watchNumber, long fromRevision) implements MirrorAction {}

    /** Close the watch that was opened last. */
    record CloseWatch() implements MirrorAction {}

    /** Tell the subscribers. */
    record Publish(MirrorUpdate update) implements MirrorAction {}

    /** Tell whoever asks that the store was heard of just now. */
    record Confirmed() implements MirrorAction {}

    /** Tell whoever asks that the store is out of reach since now. */
    record Disconnected(String reason) implements MirrorAction {}

    /** Say that the store went back to an older history, or was replaced by another store. */
    record WarnHistoryWentBack(long fromRevision, long toRevision) implements MirrorAction {}

    /** Say that the watch had passed a change without reporting it. */
    record WarnWatchMissedChange(String key) implements MirrorAction {}
}
