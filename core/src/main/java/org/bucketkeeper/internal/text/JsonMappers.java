package org.bucketkeeper.internal.text;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** Begins the mappers that read and write what stands in the store. */
public final class JsonMappers {

    /** Few threads read at once, and each role has one: buffers that every one of them kept would be much of its heap. */
    private static final int MOST_BUFFERS = 2;

    private JsonMappers() {}

    /** Returns a builder of a mapper whose buffers belong to the mapper, and not to the threads that use it. */
    public static JsonMapper.Builder builder() {
        return JsonMapper.builder(JsonFactory.builder()
                .recyclerPool(JsonRecyclerPools.newBoundedPool(MOST_BUFFERS))
                .build());
    }
}
