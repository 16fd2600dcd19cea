package org.bucketkeeper.examples.server;

import java.io.Serial;

/** Says that nothing was stored, because the permit to do so ran out on the way. */
final class PermitExpiredException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    PermitExpiredException() {
        super("the permit ran out before the rows were stored", null, false, false);
    }
}
