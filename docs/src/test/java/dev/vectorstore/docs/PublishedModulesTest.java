package dev.vectorstore.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Each module is either published, and then in the BOM, or kept here. */
class PublishedModulesTest {
  private static final Pattern MODULE = Pattern.compile("<module>(.*?)</module>");
  private static final Pattern DEPENDENCY =
      Pattern.compile(
          "<dependency>.*?<artifactId>(.*?)</artifactId>(.*?)</dependency>", Pattern.DOTALL);
  private static final String BOM = "vector-store-bom";
  private static final String NOT_DEPLOYED = "<maven.deploy.skip>true</maven.deploy.skip>";

  @Test
  void theBomHasThePublishedModulesAndNoOther() {
    assertThat(dependencies(BOM)).containsExactlyInAnyOrderElementsOf(published());
    assertThat(unpublished()).contains("vector-store-testservers", "benchmarks", "docs");
  }

  @Test
  void noPublishedModuleNeedsOneThatIsNot() {
    assertThat(dependencies("vector-store-testkit")).contains("vector-store-api");
    for (String module : published()) {
      assertThat(dependencies(module))
          .as("what %s brings to its users", module)
          .doesNotContainAnyElementsOf(unpublished());
    }
  }

  /** The modules that are published, without the BOM. */
  static List<String> published() {
    return modules().filter(module -> !module.equals(BOM) && isDeployed(module)).toList();
  }

  private static List<String> unpublished() {
    return modules().filter(module -> !isDeployed(module)).toList();
  }

  private static Stream<String> modules() {
    return MODULE.matcher(pom("")).results().map(module -> module.group(1));
  }

  private static boolean isDeployed(String module) {
    return !pom(module).contains(NOT_DEPLOYED);
  }

  /** What a module depends on other than in its tests. */
  private static List<String> dependencies(String module) {
    return DEPENDENCY
        .matcher(pom(module))
        .results()
        .filter(dependency -> !dependency.group(2).contains("<scope>test</scope>"))
        .map(dependency -> dependency.group(1))
        .toList();
  }

  private static String pom(String module) {
    try {
      return Files.readString(Pages.ROOT.resolve(module).resolve("pom.xml"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
