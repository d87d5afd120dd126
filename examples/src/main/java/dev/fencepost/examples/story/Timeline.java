package dev.fencepost.examples.story;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Who did what when. Times are milliseconds since the act began, by the clock of the machine that all processes share.
 *
 * @param lanes the processes
 * @param moments what happened, in the order of time
 * @param spans what lasted
 */
public record Timeline(List<String> lanes, List<Moment> moments, List<Span> spans) {
    /**
     * Something that happened.
     *
     * @param millis when
     * @param lane to which process
     * @param kind what, as it is drawn
     * @param label what, in two or three words
     * @param text what, in a sentence; empty for what is only drawn
     */
    public record Moment(double millis, String lane, Mark kind, String label, String text) {
        Map<String, Object> toJson() {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("millis", millis);
            json.put("process", lane);
            json.put("kind", kind.name());
            json.put("label", label);
            json.put("text", text);
            return json;
        }
    }

    /**
     * Something that lasted.
     *
     * @param lane which process
     * @param state what it was in
     * @param from when it began
     * @param to when it ended
     */
    public record Span(String lane, State state, double from, double to) {
        Map<String, Object> toJson() {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("process", lane);
            json.put("state", state.name());
            json.put("from", from);
            json.put("to", to);
            return json;
        }
    }

    /** How a moment is drawn. */
    public enum Mark {
        TOKEN,
        READ,
        PAUSED,
        RESUMED,
        EXPIRED,
        ADMITTED,
        REFUSED,
        KILLED,
        RESTARTED,
        NOTE
    }

    /** What a process can be in for some time. Later ones are drawn over earlier ones. */
    public enum State {
        HELD,
        OVERDUE,
        PAUSED,
        DOWN
    }

    /** Copies the lists. */
    public Timeline {
        lanes = List.copyOf(lanes);
        moments = List.copyOf(moments);
        spans = List.copyOf(spans);
    }

    Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("processes", lanes);
        json.put("moments", moments.stream().map(Moment::toJson).toList());
        json.put("spans", spans.stream().map(Span::toJson).toList());
        return json;
    }
}
