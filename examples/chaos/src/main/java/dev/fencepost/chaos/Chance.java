package dev.fencepost.chaos;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** What is hit. */
final class Chance {
    private Chance() {}

    static <T> T one(List<T> all, Random random) {
        return all.get(random.nextInt(all.size()));
    }

    /** One, a minority, a majority or all; large numbers less often, since nothing works meanwhile. */
    static <T> List<T> some(List<T> all, Random random) {
        List<T> mixed = new ArrayList<>(all);
        Collections.shuffle(mixed, random);
        int majority = all.size() / 2 + 1;
        int count = switch (random.nextInt(8)) {
            case 0, 1, 2 -> 1;
            case 3, 4 -> majority - 1;
            case 5, 6 -> majority;
            default -> all.size();
        };
        return List.copyOf(mixed.subList(0, count));
    }
}
