package dev.fencepost.bench.report;

import java.util.Locale;

/** The few parts that pictures are made of. */
final class Svg {
    private Svg() {}

    static String open(int width, int height, String title) {
        return String.format(
                Locale.ROOT,
                "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\" xmlns=\"http://www.w3.org/2000/svg\">"
                        + "<text x=\"0\" y=\"16\" class=\"title\">%s</text>",
                width,
                height,
                escape(title),
                escape(title));
    }

    static String text(double x, double y, String anchor, String text) {
        return String.format(
                Locale.ROOT, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>", x, y, anchor, escape(text));
    }

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
