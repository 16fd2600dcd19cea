package org.bucketkeeper.ownership;

import org.bucketkeeper.membership.NodeInfo;

/**
 * Says that this process may not work on a bucket now, and who may. Made without a stack trace, because a server may
 * throw it for every request while a bucket changes hands.
 */
public final class NotOwnerException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient NotOwner refusal;

    NotOwnerException(NotOwner refusal) {
        super(null, null, false, false);
        this.refusal = refusal;
    }

    /** Returns whom to ask instead, to be passed on to the client. */
    public NotOwner refusal() {
        return refusal;
    }

    @Override
    public String getMessage() {
        NodeInfo owner = refusal.owner();
        return "bucket " + refusal.bucket() + " is not owned here; ask "
                + (owner == null ? "again later: nobody is assigned" : owner.nodeId() + " at " + owner.localNodeUrl())
                + " (assignment revision " + refusal.revision() + ")";
    }
}
