package org.bucketkeeper.monitor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.bucketkeeper.assignment.RebalancePlan;
import org.bucketkeeper.internal.text.JsonMappers;
import org.jspecify.annotations.Nullable;

/**
 * What the leader answers to an operator's request.
 *
 * @param refusal why it did not do as asked; null if it did
 * @param moves how many buckets moved
 * @param lowerBound the least number of moves that could have reached the goal
 */
record RequestAnswer(@Nullable String refusal, int moves, int lowerBound) {

    private static final ObjectMapper JSON = JsonMappers.builder().build();

    static RequestAnswer done() {
        return new RequestAnswer(null, 0, 0);
    }

    static RequestAnswer refused(String why) {
        return new RequestAnswer(why, 0, 0);
    }

    static RequestAnswer planned(RebalancePlan plan) {
        return new RequestAnswer(null, plan.moves().size(), plan.lowerBound());
    }

    String toJson() {
        ObjectNode json = JSON.createObjectNode();
        json.put("answer", refusal == null ? "done" : "refused");
        if (refusal != null) {
            json.put("reason", refusal);
        }
        json.put("moves", moves);
        json.put("lower_bound", lowerBound);
        return json.toString();
    }

    /** Reads the value of a request's key; returns null if it is not answered yet or cannot be read. */
    static @Nullable RequestAnswer read(String value) {
        try {
            JsonNode json = JSON.readTree(value);
            return switch (json.path("answer").asText()) {
                case "done" ->
                    new RequestAnswer(
                            null,
                            json.path("moves").asInt(),
                            json.path("lower_bound").asInt());
                case "refused" -> refused(json.path("reason").asText());
                default -> null;
            };
        } catch (JsonProcessingException e) {
            return null;
        }
    }
}
