package dev.fencepost.bench.measure;

import java.util.function.DoubleSupplier;

/**
 * One of several things that are measured side by side.
 *
 * @param name what it is called in the report
 * @param measure measures it once, for a short while
 */
public record Trial(String name, DoubleSupplier measure) {}
