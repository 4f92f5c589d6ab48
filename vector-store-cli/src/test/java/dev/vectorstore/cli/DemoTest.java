package dev.vectorstore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoTest {
  @TempDir private Path folder;

  @Test
  void itSearchesCopiesAndVerifiesAndSaysWhereTheReportIs() throws IOException {
    Path report = folder.resolve("demo.html");
    Run run = Run.of("demo", "--report", report.toString());
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out())
        .contains(
            "By meaning:", "By words, the most relevant first:", "By meaning and words:", "Code:")
        .contains("https://sqlite.org/lang_savepoint.html", "https://sqlite.org/lang_upsert.html")
        .containsPattern("By words[^\n]*\n1\\. [0-9.]+  701  Partial Indexes")
        .contains("0 rejected; the verification passed")
        .endsWith("The report is in " + report.toAbsolutePath() + System.lineSeparator());
    assertThat(Files.readString(report)).contains("crawled_pages", "passed");
    assertThat(
            new ObjectMapper()
                .readTree(folder.resolve("demo.json").toFile())
                .at("/passed")
                .asBoolean())
        .isTrue();
  }
}
