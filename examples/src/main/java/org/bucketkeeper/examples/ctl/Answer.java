package org.bucketkeeper.examples.ctl;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * What a command has to say, for people and for scripts.
 *
 * @param exitCode what the process ends with
 * @param text several lines without the last line's end; may hold picocli's markup for colours
 * @param json the same for scripts
 */
record Answer(int exitCode, String text, JsonNode json) {

    static Answer done(String text, JsonNode json) {
        return new Answer(ExitCode.DONE, text, json);
    }
}
