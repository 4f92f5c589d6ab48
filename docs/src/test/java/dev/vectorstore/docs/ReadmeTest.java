package dev.vectorstore.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's first program is a whole one: pasted into a file, it compiles and runs. */
class ReadmeTest {
  private static final Path README = Pages.ROOT.resolve("README.md");

  @TempDir Path folder;

  @Test
  void theFirstProgramCompilesAndRunsAsItStands() throws IOException, InterruptedException {
    List<String> programs = Pages.programs(README);
    assertThat(programs).hasSize(1);
    Path source = Files.writeString(folder.resolve("Quickstart.java"), programs.get(0));
    Process java =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                source.toString())
            .redirectErrorStream(true)
            .start();
    String output = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(java.waitFor()).as(output).isZero();
    assertThat(output).contains("0.970 Recursive queries over a tree");
  }

  @Test
  void theDependencyIsThatOfThisVersion() throws IOException {
    String pom = Files.readString(Pages.ROOT.resolve("vector-store-embedded/pom.xml"));
    String version = pom.replaceAll("(?s).*?<version>(.*?)</version>.*", "$1");

    assertThat(Files.readString(README))
        .contains("<artifactId>vector-store-embedded</artifactId>\n  <version>" + version);
  }
}
