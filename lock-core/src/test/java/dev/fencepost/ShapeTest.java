package dev.fencepost;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The budgets of this module, so that growing beyond one is a decision and no accident. */
final class ShapeTest {
    private static final int MAX_FILE_LINES = 300;
    private static final int MAX_METHOD_LINES = 40;
    private static final int MAX_PARAMETERS = 5;
    private static final int MAX_PUBLIC_TYPES = 25;

    private static final Path MAIN = Path.of("src/main/java");
    private static final Path TEST = Path.of("src/test/java");

    /** The header of a type, and not of a method, an initializer or a lambda. */
    private static final Predicate<String> OPENS_A_TYPE =
            Pattern.compile("^[a-z -]*\\b(class|interface|enum|record) [A-Z]").asPredicate();

    private final JavaClasses main = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.fencepost");

    @Test
    void noFileIsLongerThanItsBudget() {
        assertThat(sources())
                .isNotEmpty()
                .allSatisfy(file ->
                        assertThat(lines(file)).as("lines of %s", file).hasSizeLessThanOrEqualTo(MAX_FILE_LINES));
    }

    @Test
    void noMethodIsLongerThanItsBudget() {
        assertThat(sources())
                .isNotEmpty()
                .allSatisfy(file -> assertThat(longBlocks(lines(file)))
                        .as("blocks of more than %d lines in %s, by their first line", MAX_METHOD_LINES, file)
                        .isEmpty());
    }

    @Test
    void noMethodHasMoreParametersThanItsBudget() {
        assertThat(main.stream().filter(type -> !type.isRecord()).flatMap(type -> type.getCodeUnits().stream()))
                .isNotEmpty()
                .allSatisfy(unit -> assertThat(unit.getRawParameterTypes())
                        .as("parameters of %s", unit.getFullName())
                        .hasSizeLessThanOrEqualTo(MAX_PARAMETERS));
    }

    @Test
    void thePublicTypesStayWithinTheirBudget() {
        List<String> visible = main.stream()
                .filter(type -> type.isTopLevelClass() && type.getModifiers().contains(JavaModifier.PUBLIC))
                .map(JavaClass::getName)
                .sorted()
                .toList();

        assertThat(visible).hasSizeBetween(10, MAX_PUBLIC_TYPES);
    }

    @Test
    void onlyTheApiAndTheSpiAreExportedAndOnlyAnnotationsAndTheLoggingFacadeAreRequired() throws IOException {
        try (InputStream compiled = Files.newInputStream(Path.of("target/classes/module-info.class"))) {
            ModuleDescriptor module = ModuleDescriptor.read(compiled);

            assertThat(module.exports())
                    .extracting(ModuleDescriptor.Exports::source)
                    .containsExactlyInAnyOrder("dev.fencepost", "dev.fencepost.spi");
            assertThat(module.exports()).noneMatch(ModuleDescriptor.Exports::isQualified);
            assertThat(module.requires())
                    .extracting(ModuleDescriptor.Requires::name)
                    .containsExactlyInAnyOrder("java.base", "org.jspecify", "org.slf4j");
            assertThat(module.requires())
                    .filteredOn(required -> "org.jspecify".equals(required.name()))
                    .allMatch(required -> required.modifiers().contains(ModuleDescriptor.Requires.Modifier.STATIC));
        }
    }

    @Test
    void theCodeUsesNothingButTheJdkAnnotationsAndTheLoggingFacade() {
        classes()
                .should()
                .onlyDependOnClassesThat(resideInAPackage("java..")
                        .or(resideInAPackage("dev.fencepost.."))
                        .or(resideInAPackage("org.slf4j.."))
                        .or(resideInAPackage("org.jspecify..")))
                .check(main);
    }

    @Test
    void whatUsersCallKnowsNoAdaptersAndOfTheInternalsOnlyHowToWait() {
        noClasses()
                .that(resideInAPackage("dev.fencepost"))
                .should()
                .dependOnClassesThat(resideInAPackage("dev.fencepost.spi..")
                        .or(resideInAPackage("dev.fencepost.internal..").and(not(simpleName("Waiting")))))
                .check(main);
    }

    @Test
    void noExportedSignatureShowsAnInternalType() {
        DescribedPredicate<JavaClass> internal = resideInAPackage("dev.fencepost.internal..");
        assertThat(main.that(resideInAPackage("dev.fencepost").or(resideInAPackage("dev.fencepost.spi"))).stream()
                        .flatMap(type -> type.getCodeUnits().stream())
                        .filter(unit -> !unit.getModifiers().contains(JavaModifier.PRIVATE)))
                .isNotEmpty()
                .allSatisfy(unit -> assertThat(
                                Stream.concat(Stream.of(unit.getRawReturnType()), unit.getRawParameterTypes().stream()))
                        .as("types in %s", unit.getFullName())
                        .noneMatch(internal));
    }

    /** The formatter indents a block by four, and puts its closing brace right below the beginning of its header: that tells where a block begins and ends. */
    private static List<String> longBlocks(List<String> lines) {
        List<String> found = new ArrayList<>();
        for (int brace = 0; brace < lines.size(); brace++) {
            if (lines.get(brace).endsWith("{")) {
                int body = brace + 1;
                while (lines.get(body).isBlank()) {
                    body++;
                }
                int indent = indent(lines.get(body)) - (lines.get(body).strip().startsWith("}") ? 0 : 4);
                int end = body;
                while (indent(lines.get(end)) > indent || lines.get(end).isBlank()) {
                    end++;
                }
                int start = brace;
                while (indent(lines.get(start)) > indent) {
                    start--;
                }
                String header =
                        String.join(" ", lines.subList(start, brace + 1)).strip();
                if (end - start + 1 > MAX_METHOD_LINES && !OPENS_A_TYPE.test(header)) {
                    found.add((start + 1) + ": " + header);
                }
            }
        }
        return found;
    }

    private static int indent(String line) {
        return line.length() - line.stripLeading().length();
    }

    private static List<Path> sources() {
        try (Stream<Path> ofMain = Files.walk(MAIN);
                Stream<Path> ofTest = Files.walk(TEST)) {
            return Stream.concat(ofMain, ofTest)
                    .filter(file -> file.toString().endsWith(".java"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
