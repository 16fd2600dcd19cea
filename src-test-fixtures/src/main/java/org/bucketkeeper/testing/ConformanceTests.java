package org.bucketkeeper.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import org.bucketkeeper.store.CommitResult;
import org.bucketkeeper.store.CoordinationStore;
import org.bucketkeeper.store.Entry;
import org.bucketkeeper.store.Lease;
import org.bucketkeeper.store.Snapshot;
import org.bucketkeeper.store.Transaction;

/** The words that the conformance tests are written in. */
abstract class ConformanceTests {

    private final CoordinationStoreConformance kit;

    ConformanceTests(CoordinationStoreConformance kit) {
        this.kit = kit;
    }

    final CoordinationStore client() {
        return bench().client();
    }

    final CoordinationStore anotherClient() {
        return bench().openClient();
    }

    final String prefix() {
        return bench().prefix();
    }

    /** Returns the key with that name under the test's prefix. */
    final String key(String name) {
        return prefix() + name;
    }

    final Duration shortestTtl() {
        return kit.shortestTtl();
    }

    final Duration expiryDelay() {
        return kit.expiryDelay();
    }

    final void compact(long revision) {
        kit.compact(revision);
    }

    final void passTime(Duration duration) {
        kit.passTime(duration);
    }

    final long nanoTime() {
        return kit.nanoTime();
    }

    final <T> T await(CompletionStage<T> stage) {
        return bench().await(stage);
    }

    final void await(String what, BooleanSupplier condition) {
        bench().await(what, condition);
    }

    static Transaction.Builder transaction() {
        return Transaction.builder();
    }

    final CommitResult commit(Transaction.Builder transaction) {
        return await(client().commit(transaction.build()));
    }

    /** Applies a transaction that must be committed, and returns its revision. */
    final long committed(Transaction.Builder transaction) {
        return revisionOf(commit(transaction));
    }

    static long revisionOf(CommitResult result) {
        assertThat(result).isInstanceOf(CommitResult.Committed.class);
        return ((CommitResult.Committed) result).revision();
    }

    /** Writes the key with that name and returns the revision. */
    final long put(String name, String value) {
        return committed(transaction().put(key(name), value));
    }

    final long putUnder(Lease lease, String name, String value) {
        return committed(transaction().putUnder(lease.id(), key(name), value));
    }

    /** Deletes the key with that name and returns the revision. */
    final long delete(String name) {
        return committed(transaction().delete(key(name)));
    }

    final Lease grant() {
        return await(client().grantLease(shortestTtl()));
    }

    final void revoke(Lease lease) {
        var unused = await(client().revokeLease(lease.id()).thenApply(gone -> lease));
    }

    /** Reads the test's prefix. */
    final Snapshot read() {
        return await(client().read(prefix()));
    }

    final List<Entry> entries() {
        return read().entries();
    }

    /** Returns the keys under the test's prefix, without it. */
    final List<String> names() {
        return entries().stream()
                .map(entry -> entry.key().substring(prefix().length()))
                .toList();
    }

    /** Returns the entry of a key with that name, which must exist. */
    final Entry entry(String name) {
        return entries().stream()
                .filter(entry -> entry.key().equals(key(name)))
                .findFirst()
                .orElseThrow(() -> new AssertionError("there is no key " + key(name)));
    }

    /** Watches the test's prefix. */
    final RecordedWatch watch(long fromRevision) {
        return bench().watch(client(), prefix(), fromRevision);
    }

    final RecordedWatch watch(CoordinationStore by, String watchedPrefix, long fromRevision) {
        return bench().watch(by, watchedPrefix, fromRevision);
    }

    /** Waits until the watch has reported {@code count} events with changes. */
    final void awaitEvents(RecordedWatch watch, int count) {
        await(count + " events", () -> watch.events().size() >= count || watch.hasEnded());
        assertThat(watch.end()).as("the end of the watch").isNull();
    }

    private ConformanceBench bench() {
        return kit.bench();
    }
}
