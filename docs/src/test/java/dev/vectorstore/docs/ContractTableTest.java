package dev.vectorstore.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.testkit.RuleTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The table of engines and rules, of the contract tests that ran in this build. After a whole run,
 * {@code mvn -pl docs test -Dtest=ContractTableTest -Dupdate-table} writes the published one anew.
 */
class ContractTableTest {
  private static final Path PUBLISHED = Pages.ROOT.resolve("docs/contract-table.md");

  @Test
  void noEngineBreaksARule() throws IOException {
    assertThat(RuleTable.read(reports()).failures()).isEmpty();
  }

  @Test
  void thePublishedTableIsThatOfTheEnginesThatRan() throws IOException {
    RuleTable table = RuleTable.read(reports());
    String page = Files.readString(PUBLISHED);
    if (System.getProperty("update-table") != null) {
      Files.writeString(PUBLISHED, page.substring(0, page.indexOf("| rule |")) + table.markdown());
      return;
    }
    Map<String, List<String>> published = columns(page);
    Map<String, List<String>> ran = columns(table.markdown());
    for (String engine : table.engines()) {
      assertThat(published.get(engine))
          .as("%s in %s; -Dupdate-table writes it anew", engine, PUBLISHED.getFileName())
          .isEqualTo(ran.get(engine));
    }
  }

  /** The cells below each heading, beside their rules. */
  private static Map<String, List<String>> columns(String markdown) {
    List<String[]> rows =
        markdown
            .lines()
            .filter(line -> line.startsWith("|"))
            .map(ContractTableTest::cells)
            .toList();
    Map<String, List<String>> columns = new LinkedHashMap<>();
    if (!rows.isEmpty()) {
      String[] headings = rows.get(0);
      for (int column = 1; column < headings.length; column++) {
        List<String> cells = new ArrayList<>();
        for (String[] row : rows.subList(2, rows.size())) {
          if (!row[column].isEmpty()) {
            cells.add(row[0] + " " + row[column]);
          }
        }
        columns.put(headings[column], cells);
      }
    }
    return columns;
  }

  private static String[] cells(String row) {
    String[] cells = row.substring(1, row.length() - 1).split("\\|", -1);
    for (int i = 0; i < cells.length; i++) {
      cells[i] = cells[i].strip();
    }
    return cells;
  }

  private static List<Path> reports() throws IOException {
    try (Stream<Path> modules = Files.list(Pages.ROOT)) {
      return modules.map(module -> module.resolve(Path.of("target", "contract"))).toList();
    }
  }
}
