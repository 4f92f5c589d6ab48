package dev.vectorstore.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The public API of each module is a committed list, so that a change of it shows in the diff.
 * After a change on purpose: {@code mvn -Dquick test -pl docs -am -Dtest=ApiListsTest -Dupdate-api
 * -Dsurefire.failIfNoSpecifiedTests=false}.
 */
class ApiListsTest {
  private static final Path LISTS = Pages.ROOT.resolve("docs/api");

  /** What engines share among themselves, and a program: nothing that a user's code names. */
  private static final List<String> WITHOUT_PROMISE =
      List.of("vector-store-support", "vector-store-cli");

  static List<String> promised() {
    return PublishedModulesTest.published().stream()
        .filter(module -> !WITHOUT_PROMISE.contains(module))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("promised")
  void thePublicApiIsTheCommittedList(String module) throws IOException {
    List<String> lines = PublicApi.describe(Pages.ROOT.resolve(module));
    Path list = LISTS.resolve(module + ".txt");
    if (System.getProperty("update-api") != null) {
      Files.createDirectories(LISTS);
      Files.write(list, lines);
    }
    assertThat(lines).isNotEmpty();
    assertThat(list).exists();
    assertThat(Files.readAllLines(list)).isEqualTo(lines);
  }

  @Test
  void noListIsLeftOfAModuleThatIsGone() throws IOException {
    try (Stream<Path> lists = Files.list(LISTS)) {
      assertThat(lists.map(list -> list.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(
              promised().stream().map(module -> module + ".txt").toList());
    }
  }

  @Test
  void fortyTypesOfThePortArePublicAtMost() throws IOException {
    assertThat(PublicApi.types(Pages.ROOT.resolve("vector-store-api"))).hasSizeBetween(1, 40);
  }
}
