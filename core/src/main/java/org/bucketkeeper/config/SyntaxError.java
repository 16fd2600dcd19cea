package org.bucketkeeper.config;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.ContentReference;

/**
 * Says in plain words what a JSON parser expected where it stopped.
 *
 * <p>The parser's own message only selects the words: it may quote the text, so nothing of it is passed on.
 */
final class SyntaxError {

    static final String TEXT_AFTER_END = "expected nothing but comments after the configuration's closing \"}\"";

    private SyntaxError() {}

    static String explain(JsonProcessingException e, JsonParser parser) {
        String reason = e.getOriginalMessage();
        JsonStreamContext context = parser.getParsingContext();
        if (e instanceof StreamConstraintsException) {
            return reason.contains("nesting depth")
                    ? "objects and lists may be nested at most " + LocatedJson.MAX_DEPTH + " deep"
                    : "a key or number is too long";
        }
        if (reason.contains("end-of-input")) {
            return endOfFile(reason, context);
        }
        if (context.inRoot() && parser.currentToken() != null) {
            return TEXT_AFTER_END;
        }
        if (reason.contains("CTRL-CHAR")) {
            return controlCharacter(reason);
        }
        if (reason.contains("character escape")) {
            return "expected \\\" \\\\ \\/ \\b \\f \\n \\r \\t or \\u and four hex digits;"
                    + " a backslash itself is written \\\\";
        }
        if (reason.contains("for a comment")) {
            return "expected \"//\" or \"/*\" to begin a comment";
        }
        if (context.inRoot()) {
            return "expected \"{\", which begins the configuration";
        }
        return betweenTokens(reason, context);
    }

    private static String betweenTokens(String reason, JsonStreamContext context) {
        if (reason.contains("expecting a colon")) {
            return "expected \":\" after the key";
        }
        if (reason.contains("expecting comma")) {
            return "expected \",\" or " + end(context) + " after the value before this";
        }
        if (reason.contains("to start field name")) {
            return "expected a key in double quotes, or " + end(context);
        }
        if (reason.contains("close marker")) {
            return "expected " + end(context) + " for the " + begun(context);
        }
        if (reason.contains("numeric value")) {
            return "expected a number such as 90 (no leading zero or plus sign)";
        }
        return "expected a value: text in double quotes, a number, true, false, null, \"[\" or \"{\"";
    }

    private static String endOfFile(String reason, JsonStreamContext context) {
        if (reason.contains("in a comment")) {
            return "the file ends inside a comment; expected \"*/\"";
        }
        if (context.inRoot()) {
            return "the file ends too early; expected \"{\"";
        }
        return "the file ends too early; expected " + end(context) + " for the " + begun(context);
    }

    private static String controlCharacter(String reason) {
        if (reason.contains("between tokens")) {
            return "expected no control character here";
        }
        boolean endOfLine = reason.contains("code 10)") || reason.contains("code 13)");
        return endOfLine
                ? "the text is not closed; expected a double quote before the line ends"
                : "expected a control character to be written as an escape, a tab as \\t";
    }

    private static String end(JsonStreamContext context) {
        return context.inArray() ? "\"]\"" : "\"}\"";
    }

    private static String begun(JsonStreamContext context) {
        String kind = context.inArray() ? "list" : "object";
        return kind + " that begins in line "
                + context.startLocation(ContentReference.redacted()).getLineNr();
    }
}
