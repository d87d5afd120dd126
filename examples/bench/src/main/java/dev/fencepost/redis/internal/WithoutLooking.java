package dev.fencepost.redis.internal;

/**
 * Scripts as they would be if nobody had to notice that a node has forgotten: without the look at the marker, and without what moves it. All else is, to the letter, what the library sends. In this package since
 * the scripts are nobody else's business.
 */
final class WithoutLooking {
    private static final String LOOK = Script.read("/dev/fencepost/redis/life.lua");
    private static final String MOVE = Script.read("/dev/fencepost/redis/move.lua");
    private static final String COMMENT = "--";

    /** What the scripts take from the marker, as a node has it that has seen nothing yet. */
    private static final String INSTEAD = """
            if #ARGV == 0 then
              return {'LOADED'}
            end
            local LAST, view, floor = 9007199254740991, '0', '0'
            """;

    private WithoutLooking() {}

    /** A script without the look; one that does not look, or is about the marker itself, as it is. */
    static String of(String text) {
        int look = text.indexOf(LOOK);
        if (look < 0) {
            return text;
        }
        String own = text.substring(look + LOOK.length()).replace(MOVE, "");
        return isAboutTheMarker(own) ? text : INSTEAD + own;
    }

    private static boolean isAboutTheMarker(String text) {
        return text.lines()
                .map(String::strip)
                .filter(line -> !line.startsWith(COMMENT))
                .anyMatch(line -> line.contains("marker"));
    }
}
