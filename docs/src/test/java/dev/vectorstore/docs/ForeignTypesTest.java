package dev.vectorstore.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * A user's code names no type of guava, protobuf, Lucene or Jackson, because no signature of ours
 * does.
 */
class ForeignTypesTest {
  /** A user may bring a channel of their own, and gRPC calls it by this name. */
  private static final String CHANNEL = "io.grpc.ManagedChannel";

  private static final JavaClasses OURS =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          // Its users write tests, with JUnit and AssertJ.
          .withImportOption(location -> !location.contains("vector-store-testkit"))
          .withImportOption(location -> !location.contains("vector-store-testservers"))
          // What engines share among themselves; no promise to users, who never name it.
          .withImportOption(location -> !location.contains("vector-store-support"))
          .importPackages("dev.vectorstore");

  /** Public types of other packages are seen by their module alone. */
  private static final Set<String> EXPORTED = exported();

  private static final DescribedPredicate<JavaClass> KNOWN_TO_USERS =
      DescribedPredicate.describe(
          "ours or the JDK's",
          type ->
              type.isPrimitive()
                  || type.getPackageName().startsWith("java.")
                  || type.getPackageName().startsWith("javax.")
                  || type.getPackageName().startsWith("dev.vectorstore")
                  || type.getName().equals(CHANNEL));

  @Test
  void publicSignaturesNameOurTypesAndTheJdks() {
    Stream<String> foreign =
        OURS.stream()
            .filter(ForeignTypesTest::seenByUsers)
            .flatMap(
                type ->
                    Stream.concat(
                        supertypes(type), type.getMembers().stream().flatMap(this::foreignTypes)));
    assertThat(foreign).as("types of other libraries in public signatures").isEmpty();
  }

  @Test
  void someClassesWereLookedAt() {
    assertThat(OURS.stream().filter(ForeignTypesTest::seenByUsers)).hasSizeGreaterThan(30);
  }

  @Test
  void theExampleImportsOurTypesAndTheJdks() throws IOException {
    Pattern imported = Pattern.compile("^import (?:static )?(.+);$", Pattern.MULTILINE);
    for (Path source : exampleSources()) {
      assertThat(imported.matcher(Files.readString(source)).results().map(m -> m.group(1)))
          .as("imports of %s", source)
          .isNotEmpty()
          .allMatch(name -> name.startsWith("dev.vectorstore.") || name.startsWith("java."));
    }
  }

  @Test
  void theExampleHasOneDependencyAndTheBom() throws IOException {
    String pom = Files.readString(root().resolve("examples/swap-engine/pom.xml"));
    assertThat(pom.split("<dependency>", -1)).hasSize(3);
    assertThat(pom).contains("<artifactId>vector-store-bom</artifactId>", "<scope>import</scope>");
  }

  private static Stream<String> supertypes(JavaClass type) {
    return Stream.concat(type.getRawSuperclass().stream(), type.getRawInterfaces().stream())
        .filter(DescribedPredicate.not(KNOWN_TO_USERS))
        .map(foreign -> type.getName() + " is a " + foreign.getName());
  }

  private Stream<String> foreignTypes(JavaMember member) {
    if (!visible(member.getModifiers())) {
      return Stream.empty();
    }
    return signature(member)
        .flatMap(type -> type.getAllInvolvedRawTypes().stream())
        .map(JavaClass::getBaseComponentType)
        .filter(DescribedPredicate.not(KNOWN_TO_USERS))
        .map(foreign -> member.getFullName() + " names " + foreign.getName());
  }

  private static Stream<JavaType> signature(JavaMember member) {
    if (member instanceof JavaField field) {
      return Stream.of(field.getType());
    }
    JavaCodeUnit unit = (JavaCodeUnit) member;
    return Stream.of(
            List.of(unit.getReturnType()), unit.getParameterTypes(), unit.getExceptionTypes())
        .flatMap(List::stream);
  }

  private static boolean seenByUsers(JavaClass type) {
    return visible(type.getModifiers())
        && type.getEnclosingClass()
            .map(ForeignTypesTest::seenByUsers)
            .orElseGet(() -> EXPORTED.contains(type.getName()));
  }

  private static Set<String> exported() {
    Set<String> names = new HashSet<>();
    for (String module : PublishedModulesTest.published()) {
      try {
        PublicApi.types(Pages.ROOT.resolve(module)).forEach(type -> names.add(type.getName()));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return names;
  }

  private static boolean visible(Set<JavaModifier> modifiers) {
    return modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED);
  }

  private static List<Path> exampleSources() throws IOException {
    try (Stream<Path> files = Files.walk(root().resolve("examples/swap-engine/src"))) {
      return files.filter(file -> file.toString().endsWith(".java")).toList();
    }
  }

  private static Path root() {
    return Path.of(System.getProperty("project.root"));
  }
}
