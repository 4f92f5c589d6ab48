package dev.vectorstore.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;

/**
 * Fails a contract test that doesn't take the contract as it is or runs a part of it, and writes
 * down which rules the engine keeps: a Markdown table a class, in the folder that the system
 * property {@code contract.report} names.
 */
final class ContractExtension implements BeforeAllCallback, AfterAllCallback, TestWatcher {
  private final Map<String, Tally> tallies = new TreeMap<>();
  private final TreeSet<String> disabled = new TreeSet<>();

  /** How the tests of a rule went. */
  private static final class Tally {
    int passed;
    int others;
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    List<String> violations = ContractCheck.violations(context.getRequiredTestClass());
    if (!violations.isEmpty()) {
      throw new AssertionError(String.join("\n", violations));
    }
  }

  @Override
  public void testSuccessful(ExtensionContext context) {
    count(context, true);
  }

  @Override
  public void testFailed(ExtensionContext context, Throwable cause) {
    count(context, false);
  }

  @Override
  public void testAborted(ExtensionContext context, Throwable cause) {
    count(context, false);
  }

  @Override
  public synchronized void testDisabled(ExtensionContext context, Optional<String> reason) {
    if (context.getRequiredTestMethod().isAnnotationPresent(Rule.class)) {
      disabled.add(context.getRequiredTestMethod().getName());
    }
  }

  private synchronized void count(ExtensionContext context, boolean passed) {
    Rule rule = context.getRequiredTestMethod().getAnnotation(Rule.class);
    if (rule == null) {
      return; // a test that the engine's class has beside the contract
    }
    for (String number : rule.value()) {
      Tally tally = tallies.computeIfAbsent(number, n -> new Tally());
      tally.passed += passed ? 1 : 0;
      tally.others += passed ? 0 : 1;
    }
  }

  @Override
  public synchronized void afterAll(ExtensionContext context) throws IOException {
    report(context.getRequiredTestClass().getSimpleName());
    if (!disabled.isEmpty()) {
      throw new AssertionError(
          "A condition disabled tests of the kit: " + disabled + "; the contract runs as it is");
    }
  }

  private void report(String contractTest) throws IOException {
    String folder = System.getProperty("contract.report", "");
    if (folder.isEmpty()) {
      return;
    }
    StringBuilder table =
        new StringBuilder("| rule | tests passed | not passed |\n|---|---|---|\n");
    tallies.forEach(
        (rule, tally) ->
            table.append(String.format("| %s | %d | %d |%n", rule, tally.passed, tally.others)));
    Files.createDirectories(Path.of(folder));
    Files.writeString(Path.of(folder, contractTest + ".md"), table);
  }
}
