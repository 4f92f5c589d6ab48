package dev.vectorstore.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which engine proved which rule with how many tests, as one table: a row for each rule, a column
 * for each contract test. Made of what contract tests leave in the folder {@code
 * -Dcontract.report=FOLDER}.
 */
public final class RuleTable {
  private static final String ENDING = "ContractTest.md";
  private static final Pattern ROW =
      Pattern.compile("\\| ([A-Z]-\\d\\d) \\| (\\d+) \\| (\\d+) \\| (.*) \\|");

  private final Map<String, Map<String, String>> byRule = new TreeMap<>();
  private final TreeSet<String> engines = new TreeSet<>();
  private final TreeSet<String> failures = new TreeSet<>();

  private RuleTable() {}

  /**
   * The results that contract tests left.
   *
   * @param folders the folders of the reports, one a module; those that aren't there are empty
   * @throws UncheckedIOException if they can't be read
   */
  public static RuleTable read(List<Path> folders) {
    RuleTable table = new RuleTable();
    folders.stream().filter(Files::isDirectory).forEach(table::addFolder);
    return table;
  }

  private void addFolder(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(each -> each.toString().endsWith(ENDING)).sorted().toList()) {
        String name = file.getFileName().toString();
        String engine = name.substring(0, name.length() - ENDING.length());
        Files.readAllLines(file).forEach(line -> add(engine, line));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void add(String engine, String line) {
    Matcher row = ROW.matcher(line);
    if (row.matches()) {
      engines.add(engine);
      boolean failed = !row.group(3).equals("0");
      if (failed) {
        failures.add(row.group(1) + " on " + engine);
      }
      byRule
          .computeIfAbsent(row.group(1), rule -> new TreeMap<>())
          .put(
              engine,
              failed ? row.group(3) + " not passed" : bound(row.group(2), row.group(4).strip()));
    }
  }

  /** How many tests passed, and how many don't bind: those that the engine hasn't proved. */
  private static String bound(String passed, String unbound) {
    if (unbound.isEmpty()) {
      return passed;
    }
    return passed.equals("0") ? unbound : passed + ", " + unbound;
  }

  /** The engines that left results, sorted. */
  public List<String> engines() {
    return List.copyOf(engines);
  }

  /** The rules that an engine didn't pass, such as "S-01 on MyEngine"; sorted. */
  public List<String> failures() {
    return List.copyOf(failures);
  }

  /**
   * The table as Markdown. A cell has the number of the rule's tests that the engine passed, and
   * how many need a capability that it doesn't declare, such as "2, 1 needs REMOTE"; those prove
   * nothing but that the engine refuses what it lacks.
   */
  public String markdown() {
    StringBuilder table = new StringBuilder(row("rule", engines.stream()));
    table.append(row("---", engines.stream().map(engine -> "---")));
    byRule.forEach(
        (rule, cells) ->
            table.append(
                row(rule, engines.stream().map(engine -> cells.getOrDefault(engine, "")))));
    return table.toString();
  }

  private static String row(String first, Stream<String> cells) {
    return Stream.concat(Stream.of(first), cells).collect(Collectors.joining(" | ", "| ", " |\n"));
  }
}
