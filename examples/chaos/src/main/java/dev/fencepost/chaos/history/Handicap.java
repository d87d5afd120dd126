package dev.fencepost.chaos.history;

/** What is wrong for the whole of a turn. */
public enum Handicap {
    /** Nothing: what the others are compared with. */
    NONE("none"),
    /** One node is down. */
    ONE_DOWN("one node down"),
    /** One node answers late. */
    ONE_SLOW("one node slow");

    private final String title;

    Handicap(String title) {
        this.title = title;
    }

    /** In words. */
    public String title() {
        return title;
    }
}
