package org.bucketkeeper.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.bucketkeeper.store.Change;
import org.bucketkeeper.store.CommitResult;
import org.bucketkeeper.store.CoordinationStore;
import org.bucketkeeper.store.Entry;
import org.bucketkeeper.store.KeepAliveResult;
import org.bucketkeeper.store.Lease;
import org.bucketkeeper.store.WatchEvent;
import org.junit.jupiter.api.Test;

abstract class LeaseConformance extends ConformanceTests {

    private static final long NO_SUCH_LEASE = 4_711_000_000_001L;

    LeaseConformance(CoordinationStoreConformance kit) {
        super(kit);
    }

    @Test
    void aGrantedLeaseHasAnIdAndATtl() {
        Lease lease = grant();

        assertThat(lease.id()).isNotEqualTo(Lease.NONE);
        assertThat(lease.ttl()).isPositive();
    }

    @Test
    void everyLeaseHasAnIdOfItsOwn() {
        assertThat(grant().id()).isNotEqualTo(grant().id());
    }

    @Test
    void aKeyVanishesWithItsLeaseAndNoEarlierThanTheTtlAfterTheGrant() {
        long asked = nanoTime();
        Lease lease = grant();
        putUnder(lease, "k", "v");

        assertVanishesNoEarlierThan(lease.ttl(), asked);
    }

    @Test
    void aKeyVanishesNoEarlierThanTheTtlAfterTheLastRenewal() {
        Lease lease = grant();
        putUnder(lease, "k", "v");
        passTime(lease.ttl().dividedBy(2));

        long asked = nanoTime();
        KeepAliveResult renewal = await(client().keepAlive(lease.id()));

        assertThat(renewal).isInstanceOf(KeepAliveResult.Renewed.class);
        assertVanishesNoEarlierThan(((KeepAliveResult.Renewed) renewal).ttl(), asked);
    }

    @Test
    void aKeyLivesAsLongAsItsLeaseIsRenewed() {
        Lease lease = grant();
        long revision = putUnder(lease, "k", "v");

        for (int i = 0; i < 6; i++) {
            passTime(lease.ttl().dividedBy(3));
            assertThat(await(client().keepAlive(lease.id()))).isInstanceOf(KeepAliveResult.Renewed.class);
        }

        assertThat(entries()).containsExactly(new Entry(key("k"), "v", revision, revision, lease.id()));
    }

    @Test
    void aRenewalTellsTheTtlThatWasGranted() {
        Lease lease = grant();

        assertThat(await(client().keepAlive(lease.id()))).isEqualTo(new KeepAliveResult.Renewed(lease.ttl()));
    }

    @Test
    void whatIsLeftOfALeaseIsAtMostItsTtl() {
        Lease lease = grant();

        assertThat(await(client().timeToLive(lease.id()))).isPositive().isLessThanOrEqualTo(lease.ttl());
    }

    @Test
    void whatIsLeftOfALeaseShrinksUntilItIsRenewed() {
        Lease lease = await(client().grantLease(Duration.ofSeconds(60)));
        passTime(Duration.ofSeconds(3));

        Duration before = await(client().timeToLive(lease.id()));
        await(client().keepAlive(lease.id()));
        Duration after = await(client().timeToLive(lease.id()));

        assertThat(before).isBetween(Duration.ofSeconds(40), Duration.ofSeconds(58));
        assertThat(after).isGreaterThan(before);
        revoke(lease);
    }

    @Test
    void nothingIsLeftOfALeaseThatIsGone() {
        Lease lease = grant();
        revoke(lease);

        assertThat(await(client().timeToLive(lease.id()))).isZero();
        assertThat(await(client().timeToLive(NO_SUCH_LEASE))).isZero();
    }

    @Test
    void anyClientMayRenewALeaseAndPutUnderIt() {
        Lease lease = grant();
        CoordinationStore other = anotherClient();

        assertThat(await(other.keepAlive(lease.id()))).isInstanceOf(KeepAliveResult.Renewed.class);
        await(other.commit(transaction().putUnder(lease.id(), key("k"), "v").build()));

        assertThat(entry("k").leaseId()).isEqualTo(lease.id());
    }

    @Test
    void allKeysOfALeaseVanishInOneRevisionWhenItExpires() {
        Lease lease = grant();
        put("stays", "v");
        putUnder(lease, "a", "v");
        long last = putUnder(lease, "b", "v");

        RecordedWatch watch = watch(last + 1);
        awaitExpiry(lease);
        awaitEvents(watch, 1);

        assertDeletesInOneEvent(watch, "a", "b");
        assertThat(names()).containsExactly("stays");
    }

    @Test
    void anExpiredLeaseIsNotRenewed() {
        Lease lease = grant();
        putUnder(lease, "k", "v");
        awaitExpiry(lease);

        assertThat(await(client().keepAlive(lease.id()))).isEqualTo(new KeepAliveResult.Expired());
        assertThat(entries()).isEmpty();
    }

    @Test
    void anExpiredLeaseTakesNoKeys() {
        Lease lease = grant();
        putUnder(lease, "k", "v");
        awaitExpiry(lease);

        CommitResult result = commit(transaction().putUnder(lease.id(), key("k"), "w"));

        assertThat(result).isInstanceOf(CommitResult.Unknown.class);
        assertThat(entries()).isEmpty();
    }

    @Test
    void aKeyThatVanishedWithItsLeaseIsAbsent() {
        Lease lease = grant();
        long created = putUnder(lease, "k", "v");
        awaitExpiry(lease);

        CommitResult byFormerOwner =
                commit(transaction().ifCreatedAt(key("k"), created).put(key("k"), "former"));
        CommitResult bySuccessor = commit(transaction().ifAbsent(key("k")).put(key("k"), "successor"));

        assertThat(byFormerOwner).isInstanceOf(CommitResult.Rejected.class);
        assertThat(bySuccessor).isInstanceOf(CommitResult.Committed.class);
        assertThat(entry("k").value()).isEqualTo("successor");
    }

    @Test
    void aLeaseThatNeverWasIsNotRenewed() {
        assertThat(await(client().keepAlive(NO_SUCH_LEASE))).isEqualTo(new KeepAliveResult.Expired());
    }

    @Test
    void revokingDeletesAllKeysOfTheLeaseAtOnceAndInOneRevision() {
        Lease lease = grant();
        put("stays", "v");
        putUnder(lease, "a", "v");
        long last = putUnder(lease, "b", "v");
        RecordedWatch watch = watch(last + 1);

        revoke(lease);

        assertThat(names()).containsExactly("stays");
        awaitEvents(watch, 1);
        assertDeletesInOneEvent(watch, "a", "b");
    }

    @Test
    void aRevokedLeaseIsNotRenewed() {
        Lease lease = grant();

        revoke(lease);

        assertThat(await(client().keepAlive(lease.id()))).isEqualTo(new KeepAliveResult.Expired());
    }

    @Test
    void revokingALeaseThatIsGoneSucceeds() {
        Lease lease = grant();
        revoke(lease);

        revoke(lease);
        revoke(new Lease(NO_SUCH_LEASE, shortestTtl()));

        assertThat(entries()).isEmpty();
    }

    @Test
    void revokingALeaseLeavesTheKeysOfOthersAlone() {
        Lease revoked = grant();
        Lease other = await(client().grantLease(Duration.ofSeconds(60)));
        putUnder(revoked, "a", "v");
        putUnder(other, "b", "v");

        revoke(revoked);

        assertThat(names()).containsExactly("b");
        revoke(other);
    }

    @Test
    void puttingAKeyUnderAnotherLeaseTakesItOutOfTheFirst() {
        Lease first = grant();
        Lease second = await(client().grantLease(Duration.ofSeconds(60)));
        putUnder(first, "k", "v");

        putUnder(second, "k", "v");

        assertThat(entry("k").leaseId()).isEqualTo(second.id());
        revoke(first);
        assertThat(names()).containsExactly("k");
        revoke(second);
        assertThat(entries()).isEmpty();
    }

    @Test
    void puttingAKeyWithoutALeaseLetsItStay() {
        Lease lease = grant();
        putUnder(lease, "k", "v");

        put("k", "v");

        assertThat(entry("k").leaseId()).isEqualTo(Lease.NONE);
        revoke(lease);
        assertThat(names()).containsExactly("k");
    }

    @Test
    void puttingAKeyWithALeaseLetsItGoWithIt() {
        Lease lease = grant();
        put("k", "v");

        putUnder(lease, "k", "v");

        revoke(lease);
        assertThat(entries()).isEmpty();
    }

    @Test
    void aKeyThatWasDeletedAndPutWithoutALeaseStays() {
        Lease lease = grant();
        putUnder(lease, "k", "v");
        delete("k");
        put("k", "v");

        revoke(lease);

        assertThat(names()).containsExactly("k");
    }

    @Test
    void aTransactionThatPutsUnderAMissingLeaseIsUnknownAndNothingOfItIsApplied() {
        long revision = put("to delete", "v");

        CommitResult result = commit(transaction()
                .put(key("a"), "v")
                .delete(key("to delete"))
                .putUnder(NO_SUCH_LEASE, key("b"), "v")
                .put(key("c"), "v"));

        assertThat(result).isInstanceOf(CommitResult.Unknown.class);
        assertThat(entries()).containsExactly(new Entry(key("to delete"), "v", revision, revision, Lease.NONE));
    }

    @Test
    void oneTransactionMayPutUnderSeveralLeases() {
        Lease first = grant();
        Lease second = grant();

        committed(transaction()
                .putUnder(first.id(), key("a"), "v")
                .putUnder(second.id(), key("b"), "v")
                .put(key("c"), "v"));

        revoke(first);
        assertThat(names()).containsExactly("b", "c");
        revoke(second);
        assertThat(names()).containsExactly("c");
    }

    /** Looks at the test's keys, and closely about the TTL, until they are gone: neither too early nor too late. */
    private void assertVanishesNoEarlierThan(Duration ttl, long asked) {
        Duration latest = ttl.plus(expiryDelay());
        Duration lastSeen = Duration.ZERO;
        while (!entries().isEmpty()) {
            assertThat(lastSeen).as("age of a lease that should have expired").isLessThanOrEqualTo(latest);
            boolean close = since(asked).compareTo(ttl.multipliedBy(9).dividedBy(10)) > 0;
            passTime(ttl.dividedBy(close ? 500 : 20));
            lastSeen = since(asked);
        }
        assertThat(since(asked)).as("age of the lease when its key was gone").isGreaterThanOrEqualTo(ttl);
    }

    private Duration since(long start) {
        return Duration.ofNanos(nanoTime() - start);
    }

    /** Waits until no key of the test is under the lease any more. */
    private void awaitExpiry(Lease lease) {
        passTime(lease.ttl());
        long start = nanoTime();
        while (entries().stream().anyMatch(entry -> entry.leaseId() == lease.id())) {
            assertThat(since(start)).as("time past the TTL").isLessThanOrEqualTo(expiryDelay());
            passTime(Duration.ofMillis(50));
        }
    }

    private void assertDeletesInOneEvent(RecordedWatch watch, String... names) {
        assertThat(watch.events()).hasSize(1);
        WatchEvent.Changes event = watch.events().get(0);
        assertThat(event.changes()).hasOnlyElementsOfType(Change.Delete.class);
        assertThat(event.changes())
                .extracting(change -> change.key().substring(prefix().length()))
                .containsExactlyInAnyOrder(names);
    }
}
