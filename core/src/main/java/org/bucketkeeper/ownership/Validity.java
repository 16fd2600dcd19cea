package org.bucketkeeper.ownership;

import org.bucketkeeper.driver.EventLoop;

/** Tells whether what was claimed under one lease may be relied on at this moment. */
sealed interface Validity {

    /** Reads the clock if need be; takes no lock. */
    boolean holds();

    /** Holds until a deadline that renewals move, whether or not any code gets to run when it passes. */
    final class UntilDeadline implements Validity {

        private final EventLoop clock;
        private volatile long deadline;

        /** Does not hold until it is extended for the first time. */
        UntilDeadline(EventLoop clock) {
            this.clock = clock;
            this.deadline = clock.nanoTime();
        }

        /** Ends it at once; it is not extended afterwards. */
        void end() {
            deadline = clock.nanoTime();
        }

        void extendTo(long laterDeadline) {
            deadline = laterDeadline;
        }

        @Override
        public boolean holds() {
            return clock.nanoTime() - deadline < 0;
        }
    }

    /** Holds until somebody revokes what relies on it. */
    final class UntilRevoked implements Validity {

        @Override
        public boolean holds() {
            return true;
        }
    }
}
