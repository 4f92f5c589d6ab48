package dev.vectorstore.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Files stay short enough to be read. */
class SourceBudgetTest {
  private static final int MOST_LINES = 400;

  @Test
  void noSourceFileIsLongerThanFourHundredLines() throws IOException {
    List<String> long400 = sources().filter(SourceBudgetTest::isLong).map(Path::toString).toList();

    assertThat(long400).isEmpty();
  }

  @Test
  void theMedianIsLowToo() throws IOException {
    List<Long> lines = sources().map(SourceBudgetTest::lines).sorted().collect(Collectors.toList());

    assertThat(lines).hasSizeGreaterThan(50);
    assertThat(lines.get(lines.size() / 2)).isLessThanOrEqualTo(120);
  }

  private static Stream<Path> sources() throws IOException {
    try (Stream<Path> files =
        Files.find(
            Pages.ROOT,
            12,
            (path, attributes) ->
                path.toString().endsWith(".java")
                    && path.toString().contains("/src/main/java/")
                    && !path.toString().contains("/target/"))) {
      return files.toList().stream();
    }
  }

  private static boolean isLong(Path source) {
    return lines(source) > MOST_LINES;
  }

  private static long lines(Path source) {
    try (Stream<String> lines = Files.lines(source)) {
      return lines.count();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
