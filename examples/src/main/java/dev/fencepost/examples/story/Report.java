package dev.fencepost.examples.story;

import com.fasterxml.jackson.jr.ob.JSON;
import com.samskivert.mustache.Mustache;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All acts, as one self-contained page and as JSON, both made of the same values.
 *
 * @param page what the page is called
 * @param environment what it all ran on
 * @param acts what became of each act, in their order
 */
public record Report(Page page, Map<String, String> environment, List<ActReport> acts) {
    private static final String TEMPLATE = "page.mustache";

    /**
     * What the page is called.
     *
     * @param name the name of both files, without what follows the dot
     * @param title for people
     */
    public record Page(String name, String title) {
        /** The name of the page's file. */
        public String html() {
            return name + ".html";
        }

        /** The name of the file for programs. */
        public String json() {
            return name + ".json";
        }
    }

    /** An act as the page shows it. */
    private record Scene(int number, ActReport report, Drawing drawing) {}

    /** Whether there were acts, and all went as they should. */
    public boolean ok() {
        return !acts.isEmpty() && acts.stream().allMatch(ActReport::ok);
    }

    /** Writes both files, and makes the directory if need be. */
    public void write(Path directory) throws IOException {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve(page.json()), json());
        Files.writeString(directory.resolve(page.html()), html());
    }

    String json() throws IOException {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("ok", ok());
        json.put("environment", environment);
        json.put("acts", acts.stream().map(ActReport::toJson).toList());
        return JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT).asString(json) + "\n";
    }

    String html() throws IOException {
        List<Scene> scenes = new ArrayList<>();
        for (ActReport act : acts) {
            scenes.add(new Scene(scenes.size() + 1, act, Drawing.of(act.timeline())));
        }
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("page", page);
        values.put("ok", ok());
        values.put("environment", environment.entrySet());
        values.put("scenes", scenes);
        values.put("width", Drawing.WIDTH);
        return Mustache.compiler().compile(template()).execute(values);
    }

    private static String template() throws IOException {
        try (InputStream in = Report.class.getResourceAsStream(TEMPLATE)) {
            if (in == null) {
                throw new IllegalStateException("the jar of the examples is not whole: " + TEMPLATE + " is missing");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
