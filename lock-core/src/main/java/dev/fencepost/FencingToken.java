package dev.fencepost;

import java.util.Objects;

/**
 * A number that grows with every acquisition of one resource, so that whoever stores data can tell an old holder from a new one.
 *
 * <p>The idea is Martin Kleppmann's (<a href="https://martin.kleppmann.com/2016/02/08/how-to-do-distributed-locking.html">How to
 * do distributed locking</a>, 2016). A token protects nothing by itself: the store has to refuse a write whose token is
 * smaller than the largest one that it has seen.
 *
 * <p><b>Guaranteed</b> for tokens that come from a lease of this library: unique for their resource, and larger than every
 * token whose acquisition had completed before the call for this one began, whatever clocks, pauses and messages do. <b>Not guaranteed:</b>
 * that numbers are consecutive; that tokens of two resources compare to anything; and, for tokens made with {@link #of(String,
 * long)} from another lock service, anything that the service itself does not guarantee.
 *
 * <p>Immutable and safe to share between threads.
 *
 * @param resource the name of what is protected: see {@link #requireResource(String)} for which names are allowed
 * @param value the number, from 1 to {@value #MAX_VALUE}
 * @param owner tells two holders with the same number apart, which only a broken lock service hands out; empty when the
 *     service knows no such thing. It is never shown by {@link #toString()}, because whoever has it could release the lock. Leases that follow upon each other within a client may have the same
 *     one, so that it is no secret only when all of them are over
 */
public record FencingToken(String resource, long value, String owner) implements Comparable<FencingToken> {
    /** The largest value of a token, 2<sup>53</sup> - 1: the largest whole number that every part of the system (Lua too) holds exactly. */
    public static final long MAX_VALUE = (1L << 53) - 1;

    /** How many characters the name of a resource may have. */
    public static final int MAX_RESOURCE_LENGTH = 512;

    /** How many characters an owner may have. */
    public static final int MAX_OWNER_LENGTH = 128;

    /**
     * Checks the parts.
     *
     * @param resource the name of what is protected
     * @param value the number, from 1 to {@value #MAX_VALUE}
     * @param owner tells two holders with the same number apart; may be empty
     * @throws NullPointerException if a part is null
     * @throws IllegalArgumentException if a part is not allowed; the message names it, its value, and what is allowed
     */
    public FencingToken {
        requireResource(resource);
        Objects.requireNonNull(owner, "owner");
        if (value < 1 || value > MAX_VALUE) {
            throw new IllegalArgumentException("value of a fencing token must be from 1 to 2^53 - 1, but is " + value
                    + " for resource '" + resource + "'; take it from the lease or the lock service unchanged");
        }
        if (owner.length() > MAX_OWNER_LENGTH || owner.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("owner must have at most " + MAX_OWNER_LENGTH
                    + " characters and no NUL, but has " + owner.length() + " characters");
        }
    }

    /**
     * A token without an owner, as most lock services hand out.
     *
     * @param resource the name of what is protected
     * @param value the number, from 1 to {@value #MAX_VALUE}
     * @throws IllegalArgumentException if a part is not allowed
     */
    public FencingToken(String resource, long value) {
        this(resource, value, "");
    }

    /**
     * Makes a token of a number from any source: ZooKeeper's {@code czxid}, an etcd revision, a database sequence.
     *
     * @param resource the name of what is protected
     * @param value the number, from 1 to {@value #MAX_VALUE}; it must be larger than that of every earlier holder
     * @return the token, with no owner
     * @throws IllegalArgumentException if a part is not allowed
     */
    public static FencingToken of(String resource, long value) {
        return new FencingToken(resource, value);
    }

    /**
     * Checks the name of a resource: 1 to {@value #MAX_RESOURCE_LENGTH} characters, not blank, no NUL, and no half of a surrogate pair (which
     * has no UTF-8 form, so that two names could meet in one key).
     *
     * @param resource the name
     * @return the same name
     * @throws NullPointerException if it is null
     * @throws IllegalArgumentException if it is not allowed; the message says why
     */
    public static String requireResource(String resource) {
        Objects.requireNonNull(resource, "resource");
        if (resource.isBlank()) {
            throw new IllegalArgumentException("resource must not be empty or blank, but is '" + resource + "'");
        }
        if (resource.length() > MAX_RESOURCE_LENGTH) {
            throw new IllegalArgumentException(
                    "resource must have at most " + MAX_RESOURCE_LENGTH + " characters, but has " + resource.length()
                            + " and starts with '" + resource.substring(0, 32) + "'; hash long names");
        }
        for (int i = 0; i < resource.length(); i++) {
            char c = resource.charAt(i);
            if (c == '\0') {
                throw new IllegalArgumentException("resource must not contain NUL, but '"
                        + resource.replace("\0", "\\0") + "' does at index " + i);
            }
            if (Character.isHighSurrogate(c)
                    && i + 1 < resource.length()
                    && Character.isLowSurrogate(resource.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                throw new IllegalArgumentException(
                        "resource must be well-formed Unicode, but has half of a surrogate pair at index " + i);
            }
        }
        return resource;
    }

    /**
     * Orders tokens of one resource by age.
     *
     * @param other a token of the same resource
     * @return negative, zero or positive as this token is older than, equal to or newer than the other
     * @throws IllegalArgumentException if the other token is of another resource: their numbers have nothing to do with each other
     */
    @Override
    public int compareTo(FencingToken other) {
        if (!resource.equals(other.resource)) {
            throw new IllegalArgumentException(
                    "tokens of different resources cannot be compared: " + this + " and " + other);
        }
        return Long.compare(value, other.value);
    }

    /** The resource and the number, and not the owner. */
    @Override
    public String toString() {
        return resource + "#" + value;
    }
}
