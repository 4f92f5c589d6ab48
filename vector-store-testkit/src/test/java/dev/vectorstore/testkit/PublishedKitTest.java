package dev.vectorstore.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What somebody with an engine of their own gets is the contract, and nothing of our engines. */
final class PublishedKitTest {
  private static final Path MODULE =
      Path.of(System.getProperty("project.root"), "vector-store-testkit");
  private static final Pattern OUR_ENGINES =
      Pattern.compile("qdrant|supabase|postgrest|pgbouncer|lucene", Pattern.CASE_INSENSITIVE);
  private static final Pattern DEPENDENCY =
      Pattern.compile(
          "<dependency>.*?<artifactId>(.*?)</artifactId>(.*?)</dependency>", Pattern.DOTALL);

  @Test
  void theKitNamesNoEngineOfOurs() throws IOException {
    List<Path> sources = sources();
    assertThat(sources).hasSizeGreaterThan(60);
    for (Path source : sources) {
      assertThat(OUR_ENGINES.matcher(Files.readString(source)).results().map(MatchResult::group))
          .as("engines that %s names", source.getFileName())
          .isEmpty();
    }
  }

  @Test
  void theKitBringsTheApiJUnitAndAssertJAlone() throws IOException {
    assertThat(
            DEPENDENCY
                .matcher(Files.readString(MODULE.resolve("pom.xml")))
                .results()
                .filter(dependency -> !dependency.group(2).contains("<scope>test</scope>"))
                .map(dependency -> dependency.group(1)))
        .containsExactlyInAnyOrder(
            "vector-store-api", "junit-jupiter-api", "junit-jupiter-engine", "assertj-core");
  }

  private static List<Path> sources() throws IOException {
    try (Stream<Path> files = Files.walk(MODULE.resolve(Path.of("src", "main")))) {
      return files.filter(Files::isRegularFile).toList();
    }
  }
}
