package org.bucketkeeper.examples.server;

/**
 * A row of a base as it is stored.
 *
 * @param seq its place in the base: 1, 2, 3, ...
 * @param id what the client calls it
 * @param content its fields without these two: a JSON object in ASCII
 */
record Row(long seq, String id, String content) {

    /** Returns the row as clients get it. */
    String json() {
        String rest = content.equals("{}") ? "}" : "," + content.substring(1);
        return "{\"seq\":" + seq + ",\"_id\":\"" + id + "\"" + rest;
    }
}
