package dev.vectorstore.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RuleTableTest {
  @Test
  void reportsOfSeveralEnginesBecomeOneTable(@TempDir Path folder) throws IOException {
    String head = "| rule | tests passed | not passed | don't bind |\n|---|---|---|---|\n";
    Files.writeString(folder.resolve("QdrantContractTest.md"), head + "| C-01 | 2 | 0 |  |\n");
    Files.writeString(
        folder.resolve("EmbeddedContractTest.md"),
        head
            + "| C-01 | 1 | 1 |  |\n| E-01 | 0 | 0 | 1 needs REMOTE |\n"
            + "| L-03 | 1 | 0 | 1 needs REMOTE, 2 need TERMS |\n| W-01 | 3 | 0 |  |\n");
    Files.writeString(folder.resolve("notes.md"), "| C-01 | 9 | 9 |  |\n");
    RuleTable table = RuleTable.read(List.of(folder, folder.resolve("none")));
    assertThat(table.engines()).containsExactly("Embedded", "Qdrant");
    assertThat(table.failures()).containsExactly("C-01 on Embedded");
    assertThat(table.markdown())
        .isEqualTo(
            """
            | rule | Embedded | Qdrant |
            | --- | --- | --- |
            | C-01 | 1 not passed | 2 |
            | E-01 | 1 needs REMOTE |  |
            | L-03 | 1, 1 needs REMOTE, 2 need TERMS |  |
            | W-01 | 3 |  |
            """);
  }
}
