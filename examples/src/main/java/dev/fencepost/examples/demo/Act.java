package dev.fencepost.examples.demo;

import java.util.List;

/** One thing that the demo shows. */
interface Act {
    /** What it is called and what it is about. */
    Heading heading();

    /** The processes that take part, in the order in which they are drawn. */
    List<String> lanes();

    /** Makes it happen. Whatever is thrown ends the act, and the act is then not ok. */
    void play(Stage stage, Story story, Findings findings);

    /**
     * What an act is called.
     *
     * @param name for programs
     * @param title for people
     * @param lesson what there is to see, in a few sentences
     */
    record Heading(String name, String title, String lesson) {}
}
