package org.bucketkeeper.ownership;

import java.time.Duration;
import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.bucket.BucketSet;
import org.bucketkeeper.store.StoreException;
import org.bucketkeeper.store.Transaction;

/** What an owner asks for. */
sealed interface OwnershipAction {

    /** Commit a transaction; the answer carries the number. */
    record Commit(long number, Transaction transaction) implements OwnershipAction {}

    /** Look at the store afresh. */
    record Refresh() implements OwnershipAction {}

    /** A tenure begins: tell the listener, and then say so. */
    record Begin(Bucket bucket, long token) implements OwnershipAction {}

    /** Give guards out. */
    record Open(Bucket bucket, long token) implements OwnershipAction {}

    /** Give no more guards out, and say when the last one is closed. */
    record Close(Bucket bucket, long token) implements OwnershipAction {}

    /** Let the application flush and unload. */
    record Unload(Bucket bucket, long token) implements OwnershipAction {}

    /** The tenure ended in an orderly way: the claim is gone. */
    record End(Bucket bucket, long token) implements OwnershipAction {}

    /** The tenure is over at once: all its guards are invalid; tell the listener, and then say so. */
    record Lose(Bucket bucket, long token, LossCause cause) implements OwnershipAction {}

    /** Tell that the application could not let go, and when it is asked again. */
    record TellUnloadFailed(Bucket bucket, long token, Throwable cause, Duration retryIn) implements OwnershipAction {}

    /** Tell that a bucket has waited for the application for long. */
    record TellSlow(Bucket bucket, long token, String waitingFor, Duration since) implements OwnershipAction {}

    /** Tell that a transaction was not answered. */
    record TellUnknown(StoreException cause) implements OwnershipAction {}

    /** Tell that everything is handed over, save what the application has not unloaded in time. */
    record TellLeft(BucketSet notUnloaded) implements OwnershipAction {}
}
