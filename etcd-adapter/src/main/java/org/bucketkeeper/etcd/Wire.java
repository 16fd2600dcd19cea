package org.bucketkeeper.etcd;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.Response;
import io.etcd.jetcd.kv.GetResponse;
import io.etcd.jetcd.op.Cmp;
import io.etcd.jetcd.op.CmpTarget;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.DeleteOption;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.OptionsUtil;
import io.etcd.jetcd.options.PutOption;
import io.etcd.jetcd.watch.WatchEvent;
import java.time.Duration;
import org.bucketkeeper.store.Change;
import org.bucketkeeper.store.Condition;
import org.bucketkeeper.store.Entry;
import org.bucketkeeper.store.Operation;
import org.bucketkeeper.store.Snapshot;
import org.bucketkeeper.store.Transaction;

/** Says in jetcd's words what the store SPI says, and the other way round. */
final class Wire {

    /** The smallest key there is; as the end of a range it stands for "all keys from the beginning on". */
    private static final ByteSequence ZERO = ByteSequence.from(new byte[] {0});

    private Wire() {}

    static ByteSequence bytes(String text) {
        return ByteSequence.from(text, UTF_8);
    }

    /** Returns the first key that can start with {@code prefix}; etcd does not take the empty key. */
    static ByteSequence firstKey(String prefix) {
        return prefix.isEmpty() ? ZERO : bytes(prefix);
    }

    /** Returns the first key beyond all that start with {@code prefix}. */
    static ByteSequence endKey(String prefix) {
        return OptionsUtil.prefixEndOf(bytes(prefix));
    }

    static GetOption wholePrefix(String prefix) {
        return GetOption.builder()
                .withRange(endKey(prefix))
                .withSortField(GetOption.SortTarget.KEY)
                .withSortOrder(GetOption.SortOrder.ASCEND)
                .build();
    }

    static Cmp[] conditions(Transaction transaction) {
        return transaction.conditions().stream().map(Wire::condition).toArray(Cmp[]::new);
    }

    private static Cmp condition(Condition condition) {
        return new Cmp(bytes(condition.key()), Cmp.Op.EQUAL, target(condition));
    }

    private static CmpTarget<?> target(Condition condition) {
        if (condition instanceof Condition.CreatedAt created) {
            return CmpTarget.createRevision(created.revision());
        }
        if (condition instanceof Condition.ModifiedAt modified) {
            return CmpTarget.modRevision(modified.revision());
        }
        // Condition.Absent: a key that does not exist has create revision 0.
        return CmpTarget.createRevision(0);
    }

    static Op[] operations(Transaction transaction) {
        return transaction.operations().stream().map(Wire::operation).toArray(Op[]::new);
    }

    private static Op operation(Operation operation) {
        if (operation instanceof Operation.Put put) {
            return Op.put(
                    bytes(put.key()),
                    bytes(put.value()),
                    PutOption.builder().withLeaseId(put.leaseId()).build());
        }
        return Op.delete(bytes(operation.key()), DeleteOption.DEFAULT);
    }

    static Snapshot snapshot(GetResponse response) {
        Response.Header header = response.getHeader();
        return new Snapshot(
                Long.toHexString(header.getClusterId()),
                header.getRevision(),
                response.getKvs().stream().map(Wire::entry).toList());
    }

    static Change change(WatchEvent event) {
        KeyValue kv = event.getKeyValue();
        return switch (event.getEventType()) {
            case PUT -> new Change.Put(entry(kv));
            case DELETE -> new Change.Delete(text(kv.getKey()), kv.getModRevision());
            case UNRECOGNIZED -> throw new IllegalStateException("unknown kind of event for key " + text(kv.getKey()));
        };
    }

    private static Entry entry(KeyValue kv) {
        return new Entry(
                text(kv.getKey()), text(kv.getValue()), kv.getCreateRevision(), kv.getModRevision(), kv.getLease());
    }

    private static String text(ByteSequence bytes) {
        return bytes.toString(UTF_8);
    }

    /** Returns {@code ttl} in whole seconds, rounded up: etcd counts in seconds and a lease must not be shorter. */
    static long seconds(Duration ttl) {
        return ttl.plusSeconds(1).minusNanos(1).toSeconds();
    }
}
