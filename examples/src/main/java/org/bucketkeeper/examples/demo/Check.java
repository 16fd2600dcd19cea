package org.bucketkeeper.examples.demo;

import org.jspecify.annotations.Nullable;

/**
 * Something that was looked at.
 *
 * @param claim what ought to hold
 * @param objection what was seen instead; null if the claim holds
 */
record Check(String claim, @Nullable String objection) {

    static Check of(String claim, boolean holds, String otherwise) {
        return new Check(claim, holds ? null : otherwise);
    }

    boolean holds() {
        return objection == null;
    }
}
