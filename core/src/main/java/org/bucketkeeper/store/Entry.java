package org.bucketkeeper.store;

/**
 * One key with its value as the store holds it.
 *
 * @param key the whole key, prefix included
 * @param value the value; text, in UTF-8 where the store keeps bytes
 * @param createRevision the revision that brought the key into being, at least 1
 * @param modRevision the revision that wrote it last, at least {@code createRevision}
 * @param leaseId the lease that the key lives under, or {@link Lease#NONE}
 */
public record Entry(String key, String value, long createRevision, long modRevision, long leaseId) {}
