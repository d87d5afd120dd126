package dev.fencepost.examples.story;

/**
 * Something that an act expected to see.
 *
 * @param what the expectation, as a sentence
 * @param held whether it was so
 */
public record Check(String what, boolean held) {}
