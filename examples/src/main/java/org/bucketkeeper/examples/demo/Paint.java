package org.bucketkeeper.examples.demo;

import org.jspecify.annotations.Nullable;

/** What a terminal can show: plain text, 256 colours, or all of them. */
enum Paint {
    PLAIN {
        @Override
        String onBackground(Rgb background, String text) {
            return text;
        }

        @Override
        String bar(Rgb colour, int length) {
            return "#".repeat(length);
        }

        @Override
        String styled(String code, String text) {
            return text;
        }
    },
    COLOURS_256 {
        @Override
        String onBackground(Rgb background, String text) {
            int foreground = background.isLight() ? 16 : 231;
            return styled("48;5;" + background.nearestOf256() + ";38;5;" + foreground, text);
        }
    },
    TRUE_COLOUR {
        @Override
        String onBackground(Rgb background, String text) {
            int foreground = background.isLight() ? 0 : 255;
            return styled(
                    "48;2;" + background.red() + ";" + background.green() + ";" + background.blue() + ";38;2;"
                            + foreground + ";" + foreground + ";" + foreground,
                    text);
        }
    };

    private static final String ESCAPE = "\u001b[";

    /**
     * Returns what suits a terminal that takes colours.
     *
     * @param colorTerm the environment variable COLORTERM, in which terminals tell that they show all colours
     */
    static Paint ofColourTerminal(@Nullable String colorTerm) {
        return "truecolor".equals(colorTerm) || "24bit".equals(colorTerm) ? TRUE_COLOUR : COLOURS_256;
    }

    /** Returns the text, legible on that background. */
    abstract String onBackground(Rgb background, String text);

    /** Returns a bar of that many columns. */
    String bar(Rgb colour, int length) {
        return onBackground(colour, " ".repeat(length));
    }

    String strong(String text) {
        return styled("1", text);
    }

    /** Returns the text in the green and bold in which good news come; bold tells it apart without colours. */
    String good(String text) {
        return styled("1;32", text);
    }

    /** Returns the text inverted in red, so that bad news catch the eye without colours too. */
    String bad(String text) {
        return styled("1;7;31", text);
    }

    String styled(String code, String text) {
        return text.isEmpty() ? "" : ESCAPE + code + "m" + text + ESCAPE + "0m";
    }
}
