package org.bucketkeeper.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Reads a list of endpoints, none of which may stand in it twice. */
final class EndpointListReader {

    private final Section section;
    private final BiFunction<String, LocatedValue.Text, @Nullable Endpoint> element;

    /** @param element reads the value of a key; returns null after it has recorded what is wrong with it */
    EndpointListReader(Section section, BiFunction<String, LocatedValue.Text, @Nullable Endpoint> element) {
        this.section = section;
        this.element = element;
    }

    /** Returns the endpoints that are right; empty if there is none. */
    List<Endpoint> read(String key, LocatedValue list) {
        if (!(list instanceof LocatedValue.Array array) || array.elements().isEmpty()) {
            section.reject(key, list, "must be a list of one or more \"host:port\"");
            return List.of();
        }
        List<Endpoint> endpoints = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < array.elements().size(); i++) {
            String place = key + "[" + i + "]";
            LocatedValue.Text text = section.asText(place, array.elements().get(i));
            Endpoint endpoint = text == null ? null : element.apply(place, text);
            if (text == null || endpoint == null) {
                continue;
            }
            if (seen.add(endpoint.toString().toLowerCase(Locale.ROOT))) {
                endpoints.add(endpoint);
            } else {
                section.reject(place, text, "must not stand in the list twice");
            }
        }
        return endpoints;
    }
}
