package dev.fencepost.servers;

import java.util.OptionalLong;

/**
 * A real server that a test or a demo may treat badly.
 *
 * <p>The verbs change the one process behind the object. They return when the change has happened: a killed server has
 * ended, a paused one runs no more, and a restarted one answers. Not every provision can do every verb: a server given
 * from outside refuses all that needs its process, with an {@link UnsupportedOperationException} that says what to use
 * instead. Not safe for use by several threads.
 */
public interface Server extends AutoCloseable {
    /** Where it listens, as clients on this machine name it. */
    String host();

    /** The port, the same one for the whole life of this object. */
    int port();

    /** The operating system's id of the main process; empty where it is not a process of this machine or has ended. */
    OptionalLong pid();

    /** Whether its process exists; a paused server is running, too. */
    boolean isRunning();

    /** Ends it at once (SIGKILL), with no chance to tidy up; does nothing when it is not running. */
    void kill();

    /** Stops it in its tracks (SIGSTOP): connections stay open, and nothing is answered until {@link #resume()}. */
    void pause();

    /** Lets a paused server go on (SIGCONT) with whatever it has received meanwhile. */
    void resume();

    /** Starts it again on the same port and with the data that it kept; one that still runs is killed first. */
    void restart();

    /** Ends it and deletes its data. */
    @Override
    void close();
}
