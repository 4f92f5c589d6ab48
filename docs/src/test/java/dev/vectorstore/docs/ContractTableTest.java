package dev.vectorstore.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.testkit.RuleTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table of engines and rules, of the contract tests that ran in this build. */
class ContractTableTest {
  @Test
  void noEngineBreaksARule() throws IOException {
    RuleTable table = RuleTable.read(reports());
    Path published = Path.of("target", "contract-table.md");
    Files.createDirectories(published.toAbsolutePath().getParent());
    Files.writeString(published, table.markdown());
    assertThat(table.failures()).as("rules and engines, see %s", published).isEmpty();
  }

  private static List<Path> reports() throws IOException {
    try (Stream<Path> modules = Files.list(Path.of(System.getProperty("project.root")))) {
      return modules.map(module -> module.resolve(Path.of("target", "contract"))).toList();
    }
  }
}
