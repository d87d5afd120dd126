/** The client on simulated time, network, nodes and store, decided by one seed. */
@NullMarked
package dev.fencepost.sim;

import org.jspecify.annotations.NullMarked;
