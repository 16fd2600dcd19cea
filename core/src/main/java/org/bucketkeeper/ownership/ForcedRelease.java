package org.bucketkeeper.ownership;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.bucketkeeper.internal.text.JsonMappers;
import org.bucketkeeper.store.Entry;
import org.jspecify.annotations.Nullable;

/** Reads an operator's wish to end a release that hangs. */
final class ForcedRelease {

    private static final ObjectMapper JSON = JsonMappers.builder().build();

    private ForcedRelease() {}

    /** Returns the token of the claim that is to end; 0 if there is no wish, or it cannot be read. */
    static long tokenIn(@Nullable Entry wish) {
        if (wish == null) {
            return 0;
        }
        try {
            return JSON.readTree(wish.value()).path("token").asLong();
        } catch (JsonProcessingException e) {
            return 0;
        }
    }
}
