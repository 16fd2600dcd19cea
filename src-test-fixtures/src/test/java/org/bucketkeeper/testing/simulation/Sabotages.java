package org.bucketkeeper.testing.simulation;

import java.util.List;

/**
 * The mistakes that the simulator has to find.
 *
 * <p>Not among them is what changes no outcome, because something else stands in for it. A guard that is given out
 * without a look at the deadline is invalid all the same. A claim that does not compare the node's registration is
 * refused where its lease has expired. An answer to a deletion that got lost, taken for a failure or a success, is put
 * right by the next view, for the deletion compares the claim and the claim names its lease. A deposed leader that goes
 * on planning is refused by the store, and a session that misses its own deadline leaves it to the guards to see. A claim
 * that a fail-over lost before its answer arrived, and that is believed, is given up when anything else changes.
 */
final class Sabotages {

    private static final String MACHINE = "ownership.OwnershipMachine";
    private static final String OWNERSHIP = "ownership.BucketOwnership";
    private static final String TENURE = "ownership.Tenure";
    private static final String GATE = "ownership.Gate";
    private static final String SESSION = "internal.session.SessionMachine";
    private static final String SESSION_SETTINGS = "internal.session.SessionSettings";
    private static final String MIRROR = "internal.mirror.MirrorMachine";
    private static final String MONITOR = "monitor.MonitorMachine";
    private static final String STORE = "store.memory.MemoryState";

    private Sabotages() {}

    static List<Sabotage> all() {
        return List.of(
                Sabotage.of(
                                "deadline counted from the answer, not the send",
                                SESSION,
                                "long extended = kept.sentAt() + SessionSettings.validNanos(renewed.ttl());",
                                "long extended = now + SessionSettings.validNanos(renewed.ttl());")
                        .knownAt(708),
                Sabotage.of(
                                "deadline without a margin",
                                SESSION_SETTINGS,
                                "return granted - granted / 100 * CLOCK_RATE_DIFFERENCE_PERCENT - CONSTANT_MARGIN;",
                                "return granted;")
                        .knownAt(48),
                Sabotage.of(
                        "guards ignore the deadline",
                        TENURE,
                        "return !revoked && validity.holds();",
                        "return !revoked;"),
                Sabotage.of(
                                "claim without comparing the assignment",
                                MACHINE,
                                ".ifModifiedAt(keys.assignment(), seen.assignmentRevision())",
                                "")
                        .knownAt(151),
                Sabotage.of(
                                "claim without comparing that nobody has one",
                                MACHINE,
                                "transaction.ifAbsent(key).putUnder(session.leaseId(), key, value);",
                                "transaction.putUnder(session.leaseId(), key, value);")
                        .knownAt(186),
                Sabotage.of(
                                "another session's claim taken for one's own by its node's name",
                                MACHINE,
                                "if (claim != null && session != null && claim.leaseId() == session.leaseId()) {",
                                """
                        ClaimValue value = claim == null ? null : ClaimValue.read(claim.value());
                        if (value != null && session != null && value.nodeId().equals(nodeId)) {
                        """)
                        .knownAt(68),
                Sabotage.of(
                                "tenures live on in the next session",
                                OWNERSHIP,
                                "? new Validity.UntilDeadline(link.loop())",
                                "? (validity instanceof Validity.UntilDeadline ? validity"
                                        + " : new Validity.UntilDeadline(link.loop()))")
                        .and(
                                MACHINE,
                                "} else if (settings.storeOutage() == StoreOutage.STOP_SERVING) {",
                                "} else if (settings.storeOutage() == null) {"),
                Sabotage.of("unloaded before the guards are closed", MACHINE, """
                        state.enter(Phase.DRAINING, now);
                        actions.add(new OwnershipAction.Close(state.bucket(), state.token()));
                        """, """
                        state.enter(Phase.DRAINING, now);
                        actions.add(new OwnershipAction.Close(state.bucket(), state.token()));
                        unload(state, now, actions);
                        """),
                Sabotage.of("claim deleted before the application has unloaded", MACHINE, """
                        if (state.isIn(Phase.DRAINING, drained.token())) {
                            unload(state, now, actions);
                        """, """
                        if (state.isIn(Phase.DRAINING, drained.token())) {
                            unload(state, now, actions);
                            state.enter(Phase.UNLOADED, now);
                        """),
                Sabotage.of(
                                "claim deleted though the application failed to unload",
                                MACHINE,
                                "Duration retryIn = state.unloadFailed(now);",
                                "Duration retryIn = state.unloadFailed(now); state.enter(Phase.UNLOADED, now);")
                        .knownAt(209),
                Sabotage.of(
                                "claim deleted when the application takes too long to unload",
                                MACHINE,
                                "if (state.warns(now)) {",
                                """
                        if (state.warns(now)) {
                            if (state.phase() == Phase.UNLOADING) {
                                state.enter(Phase.UNLOADED, now);
                            }
                        """)
                        .knownAt(38),
                Sabotage.of(
                        "claim deleted without comparing whose it is",
                        MACHINE,
                        "transaction.ifCreatedAt(key, state.token()).delete(key);",
                        "transaction.delete(key);"),
                Sabotage.of(
                                "guards given out before the application has taken note",
                                MACHINE,
                                "actions.add(new OwnershipAction.Begin(state.bucket(), token));",
                                """
                        actions.add(new OwnershipAction.Begin(state.bucket(), token));
                        actions.add(new OwnershipAction.Open(state.bucket(), token));
                        """)
                        .knownAt(99),
                Sabotage.of("guards given out while the bucket is handed over", OWNERSHIP, """
                                open.set(bucket.index(), null);
                                Tenure tenure = tenures[bucket.index()];
                                if (tenure != null) {
                                """, """
                                Tenure tenure = tenures[bucket.index()];
                                if (tenure != null) {
                                """)
                        .and(GATE, "if ((before & CLOSED) == 0) {", "if (before >= 0) {")
                        .knownAt(1556),
                Sabotage.of("guards stay valid when the claim is gone", OWNERSHIP, """
                            tenure.revoke();
                        }
                        return tenure;
                        """, """
                        }
                        return tenure;
                        """),
                Sabotage.of(
                        "token taken from the assignment",
                        OWNERSHIP,
                        "Tenure tenure = new Tenure(bucket, token, validity);",
                        "Tenure tenure = new Tenure(bucket, router.assignment().revision(), validity);"),
                Sabotage.of(
                                "unknown outcome of a claim taken for a failure",
                                MACHINE,
                                "if (claim != null && session != null && claim.leaseId() == session.leaseId()) {",
                                "if (claim != null && session != null && claim.createRevision() < 0) {")
                        .knownAt(48),
                Sabotage.of("unknown outcome taken for a success", MACHINE, """
                        if (answered.result() instanceof CommitResult.Committed committed) {
                            onCommitted(attempt, answered.number(), committed.revision(), now, actions);
                        """, """
                        ClusterView seen = view;
                        if (!(answered.result() instanceof CommitResult.Rejected) && seen != null) {
                            long revision = answered.result() instanceof CommitResult.Committed committed
                                    ? committed.revision()
                                    : seen.revision() + 1;
                            onCommitted(attempt, answered.number(), revision, now, actions);
                        """)
                        .knownAt(25),
                Sabotage.of(
                        "views believed that are older than the store's answers",
                        MACHINE,
                        "if (seen == null || seen.revision() < state.trustedFrom()) {",
                        "if (seen == null) {"),
                Sabotage.of(
                                "session given back though a bucket is not unloaded",
                                MACHINE,
                                "actions.add(new OwnershipAction.TellLeft(loaded));",
                                "actions.add(new OwnershipAction.TellLeft(BucketSet.EMPTY));")
                        .knownAt(38),
                Sabotage.of(
                        "node admitted whose name is taken",
                        SESSION,
                        "values.keySet().forEach(transaction::ifAbsent);",
                        ""),
                Sabotage.of(
                        "table committed without comparing the leadership",
                        MONITOR,
                        "Transaction.Builder transaction = Transaction.builder().ifModifiedAt(keys.monitor(),"
                                + " leader.revision());",
                        "Transaction.Builder transaction = Transaction.builder();"),
                Sabotage.of(
                                "table committed without comparing the table it was planned from",
                                MONITOR,
                                "transaction.ifModifiedAt(keys.assignment(), seen.assignment().revision());",
                                "")
                        .knownAt(104),
                Sabotage.of(
                        "table planned from a view that is out of date",
                        "monitor.ClusterStateReader",
                        "if (nodesChanged || current == null) {",
                        "if (current == null) {"),
                Sabotage.of(
                        "table planned from a view older than one's own last table",
                        MONITOR,
                        "&& seen.revision() - awaitedRevision >= 0;",
                        ";"),
                Sabotage.of(
                        "watch begun later than right after the list",
                        MIRROR,
                        "actions.add(new MirrorAction.OpenWatch(watchNumber, revision + 1));",
                        "actions.add(new MirrorAction.OpenWatch(watchNumber, revision + 2));"),
                Sabotage.of(
                                "old events applied",
                                MIRROR,
                                "if (changes.revision() > revision) {",
                                "if (changes.revision() > 0) {")
                        .knownAt(347),
                Sabotage.of(
                        "watch that ended not begun anew",
                        MIRROR,
                        "readSoon(now, hastyEnds < 2 ? spread() : retryDelay(hastyEnds - 2));",
                        ""),
                Sabotage.of(
                        "former registration taken over without comparing that it stands",
                        SESSION,
                        "transaction.ifModifiedAt(keys.primary(), standing.modRevision());",
                        ""),
                Sabotage.of(
                        "load evened out though nobody asked for it",
                        MONITOR,
                        "RebalanceMode mode = first ? RebalanceMode.BALANCE : RebalanceMode.KEEP;",
                        "RebalanceMode mode = first ? RebalanceMode.BALANCE : RebalanceMode.BALANCE;"),
                Sabotage.of(
                                "revisions given out again after a fail-over",
                                STORE,
                                "revision = former.revision + REVISION_JUMP;",
                                "")
                        .whereWritesAreLost(),
                Sabotage.of(
                                "leases not begun anew at a fail-over",
                                STORE,
                                "leases.avoidIdsOf(former.leases); leases.renewAll(now);",
                                "leases.avoidIdsOf(former.leases);")
                        .whereWritesAreLost(),
                Sabotage.of("watches that outlive a fail-over", "store.memory.InMemoryStore", "endWatches(why);", "")
                        .whereWritesAreLost(),
                Sabotage.of(
                                "former claim used again that a fail-over brought back",
                                MACHINE,
                                "boolean wanted = isWanted(state) && !leaving && !state.hasEnded(token);",
                                "boolean wanted = isWanted(state) && !leaving;")
                        .whereWritesAreLost(),
                Sabotage.of(
                                "claim held on to that a fail-over lost",
                                MACHINE,
                                "if (!claimStands && (claim != null || !state.isClaimGone())) {",
                                "if (!claimStands && seen.revision() < 0) {")
                        .whereWritesAreLost());
    }
}
