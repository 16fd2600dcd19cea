package org.bucketkeeper.testing.simulation;

import java.util.ArrayList;
import java.util.List;
import org.bucketkeeper.bucket.Bucket;

/** Which listeners misbehave at this moment. */
final class Moods {

    private final List<Spell> spells = new ArrayList<>();

    private static final class Spell {

        private final String nodeId;
        private final Bucket bucket;
        private final Mood mood;
        private final List<Runnable> afterwards = new ArrayList<>();

        Spell(String nodeId, Bucket bucket, Mood mood) {
            this.nodeId = nodeId;
            this.bucket = bucket;
            this.mood = mood;
        }

        boolean concerns(String otherNode, Bucket otherBucket) {
            return nodeId.equals(otherNode) && bucket.equals(otherBucket);
        }
    }

    /** Begins a mood and returns what ends it. */
    Runnable begin(String nodeId, Bucket bucket, Mood mood) {
        Spell spell = new Spell(nodeId, bucket, mood);
        spells.add(spell);
        return () -> {
            spells.remove(spell);
            spell.afterwards.forEach(Runnable::run);
        };
    }

    Mood of(String nodeId, Bucket bucket) {
        for (Spell spell : spells) {
            if (spell.concerns(nodeId, bucket)) {
                return spell.mood;
            }
        }
        return Mood.GOOD;
    }

    /** Runs {@code task} when the mood of a bucket's listener ends; at once if it is a good one. */
    void whenOver(String nodeId, Bucket bucket, Runnable task) {
        for (Spell spell : spells) {
            if (spell.concerns(nodeId, bucket)) {
                spell.afterwards.add(task);
                return;
            }
        }
        task.run();
    }
}
