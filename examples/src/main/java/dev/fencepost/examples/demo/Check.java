package dev.fencepost.examples.demo;

/**
 * Something that an act expected to see.
 *
 * @param what the expectation, as a sentence
 * @param held whether it was so
 */
record Check(String what, boolean held) {}
