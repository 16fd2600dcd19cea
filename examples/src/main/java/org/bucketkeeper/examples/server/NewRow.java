package org.bucketkeeper.examples.server;

/**
 * A row that a client wants stored.
 *
 * @param id what the client calls it, or what was made up for it
 * @param content its other fields: a JSON object in ASCII
 */
record NewRow(String id, String content) {}
