package dev.fencepost.examples.demo;

import dev.fencepost.examples.story.Findings;
import dev.fencepost.examples.story.Heading;
import dev.fencepost.examples.story.Story;
import java.util.List;

/** One thing that the demo shows. */
interface Act {
    /** What it is called and what it is about. */
    Heading heading();

    /** The processes that take part, in the order in which they are drawn. */
    List<String> lanes();

    /** Makes it happen. Whatever is thrown ends the act, and the act is then not ok. */
    void play(Stage stage, Story story, Findings findings);
}
