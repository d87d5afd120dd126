package dev.fencepost.jdbc;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Who may know whom in this module, and how large things may grow. */
class RingsTest {
    private static final String ROOT = "dev.fencepost.jdbc";
    private static final String INTERNAL = ROOT + ".internal";
    private static final String LOCKS = INTERNAL + ".locks";
    private static final int MOST_PUBLIC_TYPES = 28;
    private static final int MOST_LINES = 300;
    private static final int MOST_PARAMETERS = 5;

    private static final JavaClasses module = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT);

    @Test
    void thereAreTwoRings() {
        classes().should().resideInAnyPackage(ROOT, INTERNAL, LOCKS).check(module);
    }

    @Test
    void noSignatureThatUsersSeeMentionsAnInternalType() {
        List<String> leaks = module.stream()
                .filter(RingsTest::isApi)
                .flatMap(type -> type.getCodeUnits().stream())
                .filter(unit -> unit.getModifiers().contains(JavaModifier.PUBLIC)
                        || unit.getModifiers().contains(JavaModifier.PROTECTED))
                .filter(RingsTest::mentionsInternal)
                .map(JavaCodeUnit::getFullName)
                .toList();

        assertThat(leaks).isEmpty();
    }

    @Test
    void theApiIsSmallAndClosed() {
        List<JavaClass> api = module.stream()
                .filter(RingsTest::isApi)
                .filter(type -> !type.isNestedClass())
                .toList();

        assertThat(api).hasSizeLessThanOrEqualTo(MOST_PUBLIC_TYPES);
        assertThat(api)
                .allMatch(type ->
                        type.isInterface() || type.getModifiers().contains(JavaModifier.FINAL) || type.isEnum());
    }

    @Test
    void theGuardNeedsNeitherTheLockNorRedisNorOneDriver() {
        noClasses()
                .that()
                .resideOutsideOfPackage(LOCKS)
                .and()
                .haveNameNotMatching(ROOT + "\\.PostgresLocks(Builder)?")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.fencepost.spi..", "org.postgresql..", LOCKS)
                .check(module);
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.fencepost.redis..", "org.redisson..")
                .check(module);
    }

    @Test
    void nothingTakesMoreThanFiveParameters() {
        List<String> wide = module.stream()
                .filter(type -> !type.isRecord())
                .flatMap(type -> type.getCodeUnits().stream())
                .filter(unit -> !unit.getModifiers().contains(JavaModifier.SYNTHETIC))
                .filter(unit -> unit.getParameters().size() > MOST_PARAMETERS)
                .map(JavaCodeUnit::getFullName)
                .toList();

        assertThat(wide).isEmpty();
    }

    @Test
    void noFileIsTooLong() throws IOException {
        List<Path> sources;
        try (Stream<Path> files = Files.walk(Path.of("src"))) {
            sources = files.filter(file -> file.toString().endsWith(".java")).toList();
        }
        List<Path> tooLong = new ArrayList<>();
        for (Path source : sources) {
            if (Files.readAllLines(source).size() > MOST_LINES) {
                tooLong.add(source);
            }
        }

        assertThat(sources).isNotEmpty();
        assertThat(tooLong).isEmpty();
    }

    private static boolean isApi(JavaClass type) {
        return type.getPackageName().equals(ROOT) && type.getModifiers().contains(JavaModifier.PUBLIC);
    }

    private static boolean mentionsInternal(JavaCodeUnit unit) {
        return Stream.concat(
                        Stream.of(unit.getRawReturnType()),
                        Stream.concat(unit.getRawParameterTypes().stream(), unit.getExceptionTypes().stream()))
                .anyMatch(type -> type.getPackageName().startsWith(INTERNAL));
    }
}
