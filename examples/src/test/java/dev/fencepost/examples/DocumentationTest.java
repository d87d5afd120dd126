package dev.fencepost.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What the documentation shows as Java is compiled: every block is, word for word, a part of a source file of this repository, most of them of a test that runs it. The build formats sources and
 * not pages, so white space is all that may differ.
 */
final class DocumentationTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern JAVA_BLOCK = Pattern.compile("```java\\R(?<block>.*?)```", Pattern.DOTALL);
    private static final Pattern SOURCE = Pattern.compile(".*/src/(main|test)/java/.*\\.java");
    private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:)(?<path>[^)#]*)(#(?<anchor>[^)]*))?\\)");
    private static final Pattern HEADING = Pattern.compile("^#+ (?<text>.*)$", Pattern.MULTILINE);

    private record Block(String page, String text) {}

    @Test
    void everyJavaBlockIsPartOfACompiledSource() {
        List<String> sources = files(SOURCE).map(DocumentationTest::squeezed).toList();

        List<Block> blocks = pages().flatMap(DocumentationTest::blocks).toList();

        assertThat(blocks).extracting(Block::page).contains("README.md", "choosing.md", "guard.md", "recipes.md");
        assertThat(blocks)
                .allSatisfy(block -> assertThat(sources)
                        .as("sources with this block of " + block.page() + ":\n" + block.text())
                        .anyMatch(source -> source.contains(squeezed(block.text()))));
    }

    @Test
    void everyLinkWithinTheRepositoryLeadsSomewhere() {
        assertThat(pages()).allSatisfy(page -> {
            Matcher links = LINK.matcher(read(page));
            while (links.find()) {
                String path = links.group("path");
                Path target = path.isEmpty() ? page : page.resolveSibling(path).normalize();
                assertThat(target).as(links.group() + " in " + page).exists();
                if (links.group("anchor") != null) {
                    assertThat(anchors(target))
                            .as(links.group() + " in " + page)
                            .contains(links.group("anchor"));
                }
            }
        });
    }

    /** The anchors of the headings of a page, as they are made where pages are shown. */
    private static List<String> anchors(Path page) {
        List<String> anchors = new ArrayList<>();
        Matcher headings = HEADING.matcher(read(page));
        while (headings.find()) {
            String text = headings.group("text").toLowerCase(Locale.ROOT);
            anchors.add(text.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'));
        }
        return anchors;
    }

    private static Stream<Block> blocks(Path page) {
        Matcher matcher = JAVA_BLOCK.matcher(read(page));
        List<Block> blocks = new ArrayList<>();
        while (matcher.find()) {
            blocks.add(new Block(String.valueOf(page.getFileName()), matcher.group("block")));
        }
        return blocks.stream();
    }

    private static Stream<Path> pages() {
        return Stream.concat(Stream.of(ROOT.resolve("README.md")), files(Pattern.compile("\\.\\./docs/.*\\.md")));
    }

    private static Stream<Path> files(Pattern wanted) {
        try (Stream<Path> all = Files.walk(ROOT)) {
            // Copied out, so that the directory streams are closed here.
            return all
                    .filter(path ->
                            wanted.matcher(path.toString().replace('\\', '/')).matches())
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String squeezed(Path file) {
        return squeezed(read(file));
    }

    private static String squeezed(String text) {
        return text.replaceAll("\\s+", "");
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
