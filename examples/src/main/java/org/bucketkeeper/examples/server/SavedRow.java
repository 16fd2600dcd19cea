package org.bucketkeeper.examples.server;

/**
 * Says that a row is stored.
 *
 * @param id what the client calls it
 * @param seq its place in the base
 */
record SavedRow(String id, long seq) {

    /** Returns this as clients get it. */
    String json() {
        return "{\"_id\":\"" + id + "\",\"seq\":" + seq + "}";
    }
}
