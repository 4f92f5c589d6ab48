package dev.vectorstore.testkit;

import dev.vectorstore.Capability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;

/**
 * Fails a contract test that doesn't take the contract as it is or runs a part of it, and writes
 * down which rules the engine keeps, and which don't bind it for want of which capability: a
 * Markdown table a class, in the folder that the system property {@code contract.report} names.
 */
final class ContractExtension implements BeforeAllCallback, AfterAllCallback, TestWatcher {
  private final Map<String, Tally> tallies = new TreeMap<>();
  private final TreeSet<String> disabled = new TreeSet<>();
  private final TreeSet<String> aborted = new TreeSet<>();

  /** How the tests of a rule went. */
  private static final class Tally {
    int passed;
    int others;
    final Map<Capability, Integer> unbound = new EnumMap<>(Capability.class);

    String row(String rule) {
      return String.format("| %s | %d | %d | %s |%n", rule, passed, others, needs());
    }

    private String needs() {
      return unbound.entrySet().stream()
          .map(
              each ->
                  each.getValue() + (each.getValue() == 1 ? " needs " : " need ") + each.getKey())
          .collect(Collectors.joining(", "));
    }
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
    count(context, tally -> tally.passed++);
  }

  @Override
  public void testFailed(ExtensionContext context, Throwable cause) {
    count(context, tally -> tally.others++);
  }

  /** The kit aborts a test whose rule doesn't bind; an assumption of anybody else tampers. */
  @Override
  public synchronized void testAborted(ExtensionContext context, Throwable cause) {
    if (cause instanceof DoesNotBind unbound) {
      count(context, tally -> tally.unbound.merge(unbound.needed(), 1, Integer::sum));
    } else if (count(context, tally -> tally.others++)) {
      aborted.add(context.getRequiredTestMethod().getName());
    }
  }

  @Override
  public synchronized void testDisabled(ExtensionContext context, Optional<String> reason) {
    if (context.getRequiredTestMethod().isAnnotationPresent(Rule.class)) {
      disabled.add(context.getRequiredTestMethod().getName());
    }
  }

  /** Counts a test for its rules, and says whether it has any. */
  private synchronized boolean count(ExtensionContext context, Consumer<Tally> outcome) {
    Rule rule = context.getRequiredTestMethod().getAnnotation(Rule.class);
    if (rule == null) {
      return false; // a test that the engine's class has beside the contract
    }
    for (String number : rule.value()) {
      outcome.accept(tallies.computeIfAbsent(number, n -> new Tally()));
    }
    return true;
  }

  @Override
  public synchronized void afterAll(ExtensionContext context) throws IOException {
    report(context.getRequiredTestClass().getSimpleName());
    if (!disabled.isEmpty()) {
      throw new AssertionError(
          "A condition disabled tests of the kit: " + disabled + "; the contract runs as it is");
    }
    if (!aborted.isEmpty()) {
      throw new AssertionError(
          "An assumption that isn't the kit's ended its tests: "
              + aborted
              + "; where the engine may be missing, an @EngineRequirement skips the class");
    }
  }

  private void report(String contractTest) throws IOException {
    String folder = System.getProperty("contract.report", "");
    if (folder.isEmpty()) {
      return;
    }
    StringBuilder table =
        new StringBuilder("| rule | tests passed | not passed | don't bind |\n|---|---|---|---|\n");
    tallies.forEach((rule, tally) -> table.append(tally.row(rule)));
    Files.createDirectories(Path.of(folder));
    Files.writeString(Path.of(folder, contractTest + ".md"), table);
  }
}
