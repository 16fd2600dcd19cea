package org.bucketkeeper.ownership;

/** Where one bucket stands in its life on one server. */
enum Phase {
    /** Not claimed here. If it is assigned here, it is being acquired. */
    NOT_OWNED,
    /** The claim is on its way to the store. */
    CLAIMING,
    /** Claimed; the listener is told, and no guard is given out yet. */
    OPENING,
    /** Guards are given out. */
    OWNED,
    /** No more guards; some are still open. */
    DRAINING,
    /** The application flushes and unloads. */
    UNLOADING,
    /** The application could not unload, and will be asked again. */
    UNLOAD_FAILED,
    /** Unloaded; the claim waits to be deleted. */
    UNLOADED,
    /** The deletion of the claim is on its way to the store. */
    UNCLAIMING;

    /** Tells whether the application may hold something of the bucket. */
    boolean isLoaded() {
        return switch (this) {
            case OPENING, OWNED, DRAINING, UNLOADING, UNLOAD_FAILED -> true;
            case NOT_OWNED, CLAIMING, UNLOADED, UNCLAIMING -> false;
        };
    }

    /** Tells whether a hand-over has begun and the application has not let go yet. */
    boolean isLettingGo() {
        return this == DRAINING || this == UNLOADING || this == UNLOAD_FAILED;
    }
}
