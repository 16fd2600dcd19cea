package org.bucketkeeper.assignment;

import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.bucket.BucketSet;
import org.jspecify.annotations.Nullable;

/**
 * Tells which node each of the 256 buckets is assigned to.
 *
 * <p>The table says who <em>should</em> serve a bucket. Whether that node has taken it over yet, and whether it is
 * live, is not told here. A bucket may be assigned to no node.
 *
 * <p>Immutable and thread-safe. Reading one bucket takes constant time; the other methods visit all 256.
 */
public final class Assignment {

    private static final short NO_NODE = -1;

    private final long version;
    private final long revision;
    /** Every node with at least one bucket, in order. */
    private final String[] nodeIds;
    /** For each bucket the index of its node in {@link #nodeIds}, or {@link #NO_NODE}. */
    private final short[] owners;

    private final List<Move> moves;

    private Assignment(long version, long revision, String[] nodeIds, short[] owners, List<Move> moves) {
        this.version = version;
        this.revision = revision;
        this.nodeIds = nodeIds;
        this.owners = owners;
        this.moves = moves;
    }

    /** Returns the table to start a cluster from: no bucket assigned, version 0, never stored. */
    public static Assignment unassigned() {
        return ofOwners(0, 0, new @Nullable String[Bucket.COUNT], List.of());
    }

    /**
     * Returns a table that was never stored, for example to take over the assignment of another system.
     *
     * @param version 0 or more
     * @param nodeIds the node of each bucket; a bucket that is not named is unassigned
     * @throws IllegalArgumentException if the version is negative, or a node id is none
     */
    public static Assignment of(long version, Map<Bucket, String> nodeIds) {
        requireNotNegative("version", version);
        @Nullable String[] owners = new @Nullable String[Bucket.COUNT];
        nodeIds.forEach(
                (bucket, nodeId) -> owners[bucket.index()] = NodeIds.require("node of bucket " + bucket, nodeId));
        return ofOwners(version, 0, owners, List.of());
    }

    /**
     * Reads a table as {@link #toJson()} writes it. Fields that this version does not know are ignored.
     *
     * @param json the stored text
     * @param revision the mod revision of the key that it was read from, or 0 if it was not read from a store
     * @throws IllegalArgumentException if the text is no such table; the message names the field, its value and what
     *     was expected
     */
    public static Assignment fromJson(String json, long revision) {
        requireNotNegative("revision", revision);
        return AssignmentCodec.read(json, revision);
    }

    /**
     * Reads a table that may differ from this one in little, as the next table of a cluster does: what {@link #fromJson}
     * returns, some ten times as fast where few buckets have another node and none of the nodes is new.
     *
     * @param json the stored text
     * @param successorRevision the mod revision of the key that it was read from, or 0 if it was not read from a store
     * @throws IllegalArgumentException if the text is no table, as with {@code fromJson}
     */
    public Assignment successorFromJson(String json, long successorRevision) {
        requireNotNegative("revision", successorRevision);
        Assignment successor = SuccessorReader.read(json, successorRevision, nodeIds, owners);
        return successor == null ? AssignmentCodec.read(json, successorRevision) : successor;
    }

    /** Takes checked node ids. */
    static Assignment ofOwners(long version, long revision, @Nullable String[] ownerIds, List<Move> moves) {
        Map<String, Short> indexes = new HashMap<>();
        for (String ownerId : ownerIds) {
            if (ownerId != null) {
                indexes.put(ownerId, NO_NODE);
            }
        }
        String[] nodeIds = indexes.keySet().toArray(new String[0]);
        Arrays.sort(nodeIds);
        for (int i = 0; i < nodeIds.length; i++) {
            indexes.put(nodeIds[i], (short) i);
        }
        short[] owners = new short[Bucket.COUNT];
        for (int b = 0; b < Bucket.COUNT; b++) {
            String ownerId = ownerIds[b];
            owners[b] = ownerId == null ? NO_NODE : indexes.getOrDefault(ownerId, NO_NODE);
        }
        return new Assignment(version, revision, nodeIds, owners, List.copyOf(moves));
    }

    /**
     * Returns the table that follows this one, without comparing a single node id.
     *
     * @param ids nodes in order, of which some may get no bucket
     * @param target the index in {@code ids} for each bucket, negative if none
     */
    Assignment next(String[] ids, int[] target, List<Move> committedMoves) {
        return of(version + 1, 0, ids, target, committedMoves);
    }

    /** Returns a table of what was checked, without comparing a single node id; see {@link #next}. */
    static Assignment of(long version, long revision, String[] ids, int[] target, List<Move> moves) {
        int[] compact = new int[ids.length];
        for (int node : target) {
            if (node >= 0) {
                compact[node] = 1;
            }
        }
        int used = 0;
        String[] usedIds = new String[Math.min(ids.length, Bucket.COUNT)];
        for (int i = 0; i < ids.length; i++) {
            if (compact[i] != 0) {
                compact[i] = used;
                usedIds[used] = ids[i];
                used++;
            }
        }
        short[] nextOwners = new short[Bucket.COUNT];
        for (int b = 0; b < Bucket.COUNT; b++) {
            nextOwners[b] = target[b] < 0 ? NO_NODE : (short) compact[target[b]];
        }
        String[] nextIds = used == usedIds.length ? usedIds : Arrays.copyOf(usedIds, used);
        return new Assignment(version, revision, nextIds, nextOwners, List.copyOf(moves));
    }

    /**
     * Returns the table that results from {@code moves}: its version is one higher, its revision 0, and it remembers
     * the moves.
     *
     * @throws IllegalArgumentException if a move does not start at the node that has the bucket, or a bucket moves
     *     twice; nothing is applied then
     */
    public Assignment next(List<Move> moves) {
        @Nullable String[] ownerIds = ownerIds();
        BucketSet moved = BucketSet.EMPTY;
        for (Move move : moves) {
            Bucket bucket = move.bucket();
            if (moved.contains(bucket)) {
                throw new IllegalArgumentException("moves must name each bucket once, but name " + bucket + " twice");
            }
            String owner = nodeOf(bucket);
            String from = move.from();
            if (owner == null ? from != null : !owner.equals(from)) {
                throw new IllegalArgumentException("from must be the node of bucket "
                        + bucket
                        + ", which is "
                        + (owner == null ? "none" : owner)
                        + ", but is "
                        + (from == null ? "none" : from));
            }
            moved = moved.with(bucket);
            ownerIds[bucket.index()] = move.to();
        }
        return ofOwners(version + 1, 0, ownerIds, moves);
    }

    /**
     * Returns this table with the revision at which the store holds it.
     *
     * @param storedRevision the mod revision of its key; 0 or more
     * @throws IllegalArgumentException if the revision is negative
     */
    public Assignment storedAt(long storedRevision) {
        requireNotNegative("revision", storedRevision);
        return new Assignment(version, storedRevision, nodeIds, owners, moves);
    }

    private static void requireNotNegative(String field, long value) {
        if (value < 0) {
            throw new IllegalArgumentException(field + " must be 0 or more, but is " + value);
        }
    }

    /** Returns the number of the table, which grows by one with each that is committed; 0 before the first. */
    public long version() {
        return version;
    }

    /** Returns the mod revision of the key that the table was read from, or 0 if it was never stored. */
    public long revision() {
        return revision;
    }

    /** Returns the node that {@code bucket} is assigned to, or null if it is unassigned. Allocates nothing. */
    public @Nullable String nodeOf(Bucket bucket) {
        short owner = owners[bucket.index()];
        return owner == NO_NODE ? null : nodeIds[owner];
    }

    /** Returns the buckets of a node: empty if it has none, or is not known. */
    public BucketSet bucketsOf(String nodeId) {
        int node = Arrays.binarySearch(nodeIds, nodeId);
        return node < 0 ? BucketSet.EMPTY : bucketsAt((short) node);
    }

    /** Returns the number of buckets of a node, 0 to 256. */
    public int count(String nodeId) {
        int node = Arrays.binarySearch(nodeIds, nodeId);
        int count = 0;
        if (node >= 0) {
            for (short owner : owners) {
                if (owner == node) {
                    count++;
                }
            }
        }
        return count;
    }

    /** Returns the buckets that no node has. */
    public BucketSet unassignedBuckets() {
        return bucketsAt(NO_NODE);
    }

    private BucketSet bucketsAt(short node) {
        BucketSet set = BucketSet.EMPTY;
        for (int b = 0; b < Bucket.COUNT; b++) {
            if (owners[b] == node) {
                set = set.with(Bucket.of(b));
            }
        }
        return set;
    }

    /** Returns every node with at least one bucket, in the order of their ids; cannot be changed. */
    public Set<String> nodes() {
        return Collections.unmodifiableSet(new TreeSet<>(Arrays.asList(nodeIds)));
    }

    /**
     * Returns the moves that led from the table before to this one, so that a status page can show them. Empty if it
     * is the first, or whoever wrote it left them out; cannot be changed.
     */
    public List<Move> moves() {
        return moves;
    }

    /** Returns the buckets that {@code other} assigns differently; versions, revisions and moves do not matter. */
    public BucketSet differenceTo(Assignment other) {
        BucketSet set = BucketSet.EMPTY;
        for (int b = 0; b < Bucket.COUNT; b++) {
            Bucket bucket = Bucket.of(b);
            String mine = nodeOf(bucket);
            String theirs = other.nodeOf(bucket);
            if (mine == null ? theirs != null : !mine.equals(theirs)) {
                set = set.with(bucket);
            }
        }
        return set;
    }

    /**
     * Returns the text to store: {@code {"version":7,"buckets":{"00":"dtable-server-01",...},"moves":[...]}}. Only
     * assigned buckets are listed, in order; {@code moves} is left out if there are none. The revision is not part of
     * it. Equal tables give equal text.
     */
    public String toJson() {
        return AssignmentCodec.write(this);
    }

    String[] sortedNodeIds() {
        return nodeIds;
    }

    /** Returns the index in {@link #sortedNodeIds()} of the bucket's node, negative if it is unassigned. */
    int ownerIndex(int bucket) {
        return owners[bucket];
    }

    private @Nullable String[] ownerIds() {
        @Nullable String[] ownerIds = new @Nullable String[Bucket.COUNT];
        for (int b = 0; b < Bucket.COUNT; b++) {
            ownerIds[b] = nodeOf(Bucket.of(b));
        }
        return ownerIds;
    }

    /** Compares everything: version, revision, nodes and moves. See {@link #differenceTo} for the nodes alone. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Assignment that
                && version == that.version
                && revision == that.revision
                && Arrays.equals(nodeIds, that.nodeIds)
                && Arrays.equals(owners, that.owners)
                && moves.equals(that.moves);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(version) * 31 + Arrays.hashCode(owners);
    }

    /** Returns one line, such as {@code Assignment[version=7, revision=1203, {a=[00..7f], b=[80..ff]}]}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("Assignment[version=" + version + ", revision=" + revision + ", {");
        for (int i = 0; i < nodeIds.length; i++) {
            text.append(i == 0 ? "" : ", ").append(nodeIds[i]).append('=').append(bucketsAt((short) i));
        }
        return text.append("}]").toString();
    }
}
