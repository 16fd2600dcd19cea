package org.bucketkeeper.redis;

import io.lettuce.core.StreamMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bucketkeeper.store.Change;
import org.bucketkeeper.store.CommitResult;
import org.bucketkeeper.store.Condition;
import org.bucketkeeper.store.Entry;
import org.bucketkeeper.store.KeepAliveResult;
import org.bucketkeeper.store.Operation;
import org.bucketkeeper.store.Snapshot;
import org.bucketkeeper.store.StoreException;
import org.bucketkeeper.store.Transaction;

/** Says in the scripts' words what the store SPI says, and the other way round. */
final class Wire {

    private static final char PUT = 'p';
    private static final char DELETE = 'd';

    private Wire() {}

    /** Returns the arguments of {@code commit.lua}. */
    static List<String> arguments(String operationId, Transaction transaction) {
        List<String> arguments = new ArrayList<>();
        arguments.add(operationId);
        arguments.add(Integer.toString(transaction.conditions().size()));
        for (Condition condition : transaction.conditions()) {
            arguments.add(kind(condition));
            arguments.add(condition.key());
            arguments.add(Long.toString(revision(condition)));
        }
        for (Operation operation : transaction.operations()) {
            if (operation instanceof Operation.Put put) {
                arguments.addAll(List.of("p", put.key(), Long.toString(put.leaseId()), put.value()));
            } else {
                arguments.addAll(List.of("d", operation.key()));
            }
        }
        return arguments;
    }

    private static String kind(Condition condition) {
        return condition instanceof Condition.Absent ? "a" : condition instanceof Condition.CreatedAt ? "c" : "m";
    }

    private static long revision(Condition condition) {
        if (condition instanceof Condition.CreatedAt created) {
            return created.revision();
        }
        return condition instanceof Condition.ModifiedAt modified ? modified.revision() : 0;
    }

    static CommitResult commitResult(List<String> answer) {
        String word = answer.get(0);
        return switch (word) {
            case "COMMITTED" -> new CommitResult.Committed(Long.parseLong(answer.get(1)));
            case "REJECTED" -> new CommitResult.Rejected(Long.parseLong(answer.get(1)));
            case "NO_LEASE" -> throw new StoreException("there is no lease " + answer.get(1));
            default -> throw unexpected(answer);
        };
    }

    static Snapshot snapshot(List<String> answer) {
        List<Entry> entries = new ArrayList<>(answer.size() / 2);
        for (int i = 2; i < answer.size(); i += 2) {
            entries.add(entry(answer.get(i), answer.get(i + 1)));
        }
        return new Snapshot(answer.get(0), Long.parseLong(answer.get(1)), entries);
    }

    static KeepAliveResult keepAliveResult(List<String> answer) {
        String word = answer.get(0);
        return switch (word) {
            case "RENEWED" -> new KeepAliveResult.Renewed(microseconds(answer));
            case "EXPIRED" -> new KeepAliveResult.Expired();
            default -> throw unexpected(answer);
        };
    }

    /** Returns the time that an answer tells in microseconds. */
    static Duration microseconds(List<String> answer) {
        return Duration.ofNanos(Math.multiplyExact(Long.parseLong(answer.get(1)), 1_000L));
    }

    static String microseconds(Duration duration) {
        return Long.toString(duration.toNanos() / 1_000);
    }

    static long revision(StreamMessage<String, String> message) {
        String id = message.getId();
        return Long.parseLong(id.substring(0, id.indexOf('-')));
    }

    /** Returns the changes of the keys that start with {@code prefix}. */
    static List<Change> changes(StreamMessage<String, String> message, String prefix) {
        long revision = revision(message);
        List<Change> changes = new ArrayList<>();
        for (Map.Entry<String, String> field : message.getBody().entrySet()) {
            char kind = field.getKey().charAt(0);
            String key = field.getKey().substring(1);
            if (key.startsWith(prefix) && kind == PUT) {
                changes.add(new Change.Put(entry(key, field.getValue())));
            } else if (key.startsWith(prefix) && kind == DELETE) {
                changes.add(new Change.Delete(key, revision));
            }
        }
        return changes;
    }

    private static Entry entry(String key, String encoded) {
        int created = encoded.indexOf(' ');
        int modified = encoded.indexOf(' ', created + 1);
        int lease = encoded.indexOf(' ', modified + 1);
        return new Entry(
                key,
                encoded.substring(lease + 1),
                Long.parseLong(encoded.substring(0, created)),
                Long.parseLong(encoded.substring(created + 1, modified)),
                Long.parseLong(encoded.substring(modified + 1, lease)));
    }

    static StoreException unexpected(List<String> answer) {
        return new StoreException("the answer makes no sense: " + answer);
    }
}
