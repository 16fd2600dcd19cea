package org.bucketkeeper.driver;

import org.jspecify.annotations.Nullable;

/** Tells whether another process is certainly dead; where that cannot be known, it says no. */
public interface ProcessTable {

    /** Knows nothing and proves nothing. */
    ProcessTable UNKNOWN = new ProcessTable() {
        @Override
        public @Nullable ProcessIdentity self() {
            return null;
        }

        @Override
        public boolean isProvablyDead(ProcessIdentity process) {
            return false;
        }
    };

    /** Returns the identity of this process; null if this machine does not tell. */
    @Nullable ProcessIdentity self();

    /** Tells whether {@code process} certainly runs no longer. False proves nothing. */
    boolean isProvablyDead(ProcessIdentity process);
}
