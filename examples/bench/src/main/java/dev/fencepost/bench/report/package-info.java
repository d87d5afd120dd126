/** What was measured, as rows, pictures and files. */
@NullMarked
package dev.fencepost.bench.report;

import org.jspecify.annotations.NullMarked;
