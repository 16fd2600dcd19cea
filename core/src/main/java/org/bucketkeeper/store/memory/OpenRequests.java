package org.bucketkeeper.store.memory;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The requests of one client that have no answer yet, so that closing the client can fail them all. Thread-safe. */
final class OpenRequests {

    private final Set<Request<?>> requests = new LinkedHashSet<>();
    private boolean closed;

    /** Takes a request, or returns false if the client was closed. */
    synchronized boolean add(Request<?> request) {
        return !closed && requests.add(request);
    }

    synchronized void remove(Request<?> request) {
        requests.remove(request);
    }

    synchronized boolean isClosed() {
        return closed;
    }

    /** Takes no more requests, and returns those that are to be failed, oldest first. */
    synchronized List<Request<?>> close() {
        closed = true;
        List<Request<?>> left = List.copyOf(requests);
        requests.clear();
        return left;
    }
}
