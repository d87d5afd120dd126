/** Carries fencing tokens over HTTP: a pair of header and filter, so that a service can enforce what its caller holds. */
@NullMarked
package dev.fencepost.foreign.http;

import org.jspecify.annotations.NullMarked;
