package org.bucketkeeper.store.memory;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;

/** The clients of one store that are not closed. Thread-safe. */
final class Clients {

    private final Set<InMemoryClient> clients = new LinkedHashSet<>();
    private int made;
    private boolean closed;

    /** Makes a client that is told which number it is. */
    synchronized InMemoryClient add(IntFunction<InMemoryClient> maker) {
        if (closed) {
            throw new IllegalStateException("the store is closed");
        }
        InMemoryClient client = maker.apply(++made);
        clients.add(client);
        return client;
    }

    synchronized void remove(InMemoryClient client) {
        clients.remove(client);
    }

    synchronized boolean isClosed() {
        return closed;
    }

    /** Takes no more clients, and returns those that are to be closed, oldest first. */
    synchronized List<InMemoryClient> close() {
        closed = true;
        List<InMemoryClient> left = List.copyOf(clients);
        clients.clear();
        return left;
    }
}
