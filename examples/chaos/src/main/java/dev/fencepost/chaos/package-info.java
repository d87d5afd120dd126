/** Real processes, real faults, workloads that notice, and the run that ties them together. */
@NullMarked
package dev.fencepost.chaos;

import org.jspecify.annotations.NullMarked;
