package dev.fencepost.examples.story;

/**
 * What an act is called.
 *
 * @param name for programs
 * @param title for people
 * @param lesson what there is to see, in a few sentences
 */
public record Heading(String name, String title, String lesson) {}
