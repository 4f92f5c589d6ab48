package dev.vectorstore.supabase.managed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ServerScriptTest {
  private static final Path FOLDER = Path.of("src/main/resources" + ServerScript.FOLDER);

  @Test
  void everyPartIsInTheScriptOnceAndInTheOrderOfItsName() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      List<String> parts =
          files.map(file -> file.getFileName().toString().replace(".sql", "")).sorted().toList();
      assertThat(ServerScript.PARTS).isEqualTo(parts);
    }
  }

  @Test
  void itIsOneTransactionAndSaysItsVersionOnce() {
    String script = ServerScript.text();
    assertThat(script.lines().filter(line -> line.equals("begin;") || line.equals("commit;")))
        .containsExactly("begin;", "commit;");
    assertThat(script).doesNotContain("@version@");
    assertThat(script.split("return " + ManagedStore.VERSION + ";", -1)).hasSize(2);
  }

  /** A reader finds the one thing that a part is about. */
  @Test
  void noPartIsLong() throws IOException {
    for (String part : ServerScript.PARTS) {
      assertThat(ServerScript.read(part).lines().count()).as(part).isLessThanOrEqualTo(500);
    }
  }
}
