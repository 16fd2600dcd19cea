package org.bucketkeeper.store;

/** What happened to one key at one revision. */
public sealed interface Change {

    /** Returns the key that changed. */
    String key();

    /** Returns the revision that changed it. */
    long revision();

    /**
     * The key was written.
     *
     * @param entry the key as it stands since
     */
    record Put(Entry entry) implements Change {

        @Override
        public String key() {
            return entry.key();
        }

        @Override
        public long revision() {
            return entry.modRevision();
        }
    }

    /**
     * The key was deleted, by a transaction or with its lease.
     *
     * @param key the whole key
     * @param revision the revision that deleted it
     */
    record Delete(String key, long revision) implements Change {}
}
