package dev.fencepost.sim;

import java.util.PriorityQueue;

/** True time, which nobody in the simulation can read, and everything that is going to happen, in order. One thread. */
final class EventLoop {
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private long now;
    private long made;
    private long done;

    /** Of two events at one time, the one that was made first comes first. */
    private record Event(long at, long number, Runnable work) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            int byTime = Long.compare(at, other.at);
            return byTime != 0 ? byTime : Long.compare(number, other.number);
        }
    }

    /** Nanoseconds since the simulation began. */
    long now() {
        return now;
    }

    /** How many events have happened. */
    long done() {
        return done;
    }

    /** What is happening turned out to be nothing. */
    void discount() {
        done--;
    }

    /** Lets something happen at a time, or now if that has passed. */
    void at(long time, Runnable work) {
        events.add(new Event(Math.max(time, now), made++, work));
    }

    /** Lets the next event happen, and says whether there was one. */
    boolean step() {
        Event next = events.poll();
        if (next == null) {
            return false;
        }
        now = next.at;
        done++;
        next.work.run();
        return true;
    }
}
