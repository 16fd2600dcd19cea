package org.bucketkeeper.internal.session;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongFunction;
import java.util.function.Predicate;

/**
 * The keys that a session puts under its lease, all in one transaction.
 *
 * @param primary the key that decides who holds the session
 * @param values what to write to each key, the primary among them, given the lease
 * @param holderIsDead tells from the primary key's value whether whoever wrote it is certainly dead; must not block
 */
public record HeldKeys(String primary, LongFunction<Map<String, String>> values, Predicate<String> holderIsDead) {

    /** Returns keys that consist of the primary one only. */
    public static HeldKeys single(String key, LongFunction<String> value) {
        return new HeldKeys(
                key,
                leaseId -> {
                    Map<String, String> values = new LinkedHashMap<>();
                    values.put(key, value.apply(leaseId));
                    return values;
                },
                holder -> false);
    }
}
