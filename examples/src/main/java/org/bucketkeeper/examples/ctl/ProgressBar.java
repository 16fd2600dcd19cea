package org.bucketkeeper.examples.ctl;

/** Shows how far something is: a bar in place on a terminal, otherwise a line now and then. */
final class ProgressBar {

    private static final int WIDTH = 30;
    private static final int LINES = 10;

    private final Screen screen;
    private final String title;
    private int shownTenths = -1;

    ProgressBar(Screen screen, String title) {
        this.screen = screen;
        this.title = title;
    }

    /** Shows that {@code done} of {@code all} are done; {@code all} may be 0. */
    void show(int done, int all) {
        if (screen.drawsInPlace()) {
            int filled = all == 0 ? WIDTH : WIDTH * done / all;
            screen.progress(
                    title + "  [" + "#".repeat(filled) + "-".repeat(WIDTH - filled) + "]  " + percent(done, all));
            return;
        }
        int tenths = all == 0 ? LINES : LINES * done / all;
        if (tenths != shownTenths) {
            shownTenths = tenths;
            screen.progress(title + ": " + percent(done, all));
        }
    }

    private static String percent(int done, int all) {
        return (all == 0 ? 100 : 100 * done / all) + " %";
    }
}
