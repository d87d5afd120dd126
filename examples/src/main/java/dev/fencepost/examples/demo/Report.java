package dev.fencepost.examples.demo;

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
 * @param environment what it all ran on
 * @param acts what became of each act, in their order
 */
record Report(Map<String, String> environment, List<ActReport> acts) {
    static final String HTML = "demo.html";
    static final String JSON_FILE = "demo.json";

    private static final String TEMPLATE = "demo.mustache";

    /** An act as the page shows it. */
    private record Scene(int number, ActReport report, Drawing drawing) {}

    boolean ok() {
        return !acts.isEmpty() && acts.stream().allMatch(ActReport::ok);
    }

    /** Writes both files, and makes the directory if need be. */
    void write(Path directory) throws IOException {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve(JSON_FILE), json());
        Files.writeString(directory.resolve(HTML), html());
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
        Map<String, Object> page = new LinkedHashMap<>();
        page.put("ok", ok());
        page.put("environment", environment.entrySet());
        page.put("scenes", scenes);
        page.put("width", Drawing.WIDTH);
        return Mustache.compiler().compile(template()).execute(page);
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
