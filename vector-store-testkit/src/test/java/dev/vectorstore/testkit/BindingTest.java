package dev.vectorstore.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import dev.vectorstore.Capability;
import dev.vectorstore.Filter;
import dev.vectorstore.RetryPolicy;
import dev.vectorstore.VectorStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

/** A rule that doesn't bind an engine is told so, and isn't counted among those that it keeps. */
final class BindingTest {
  @Test
  void aRuleOfRemoteEnginesDoesNotBindOneInProcess() throws IOException {
    Events tests = run(InProcess.class, "anEngineThatIsNotThereIsUnavailable").testEvents();
    assertThat(tests.succeeded().count()).as("tests that count as passed").isZero();
    assertThat(reason(tests.aborted())).contains("doesn't bind", "REMOTE");
    assertThat(reported(InProcess.class)).contains("| E-01 | 0 | 0 | 1 needs REMOTE |");
  }

  @Test
  void aRuleThatNeedsACapabilityDoesNotBindWhereItIsRefused() throws IOException {
    Events tests = run(WithoutExact.class, "exactGivesTheTrueOrder").testEvents();
    assertThat(tests.succeeded().count()).as("tests that count as passed").isZero();
    assertThat(reason(tests.aborted())).contains("doesn't bind", "EXACT", "was refused");
    assertThat(reported(WithoutExact.class)).contains("| S-06 | 0 | 0 | 1 needs EXACT |");
  }

  @Test
  void aRuleThatBindsIsCountedAsPassed() throws IOException {
    assertThat(run(InProcess.class, "exactGivesTheTrueOrder").testEvents().succeeded().count())
        .isEqualTo(1);
    assertThat(reported(InProcess.class)).contains("| S-06 | 1 | 0 |  |");
  }

  @Test
  void whatIsDeclaredByMistakeIsAFailureAndNotUnbound() {
    Events addressed = run(Undeclared.class, "anEngineThatIsNotThereIsUnavailable").testEvents();
    assertThat(reason(addressed.failed())).contains("exactly if it declares REMOTE");
    Events durable = run(Undurable.class, "whatReturnedSurvivesAKill").testEvents();
    assertThat(reason(durable.failed())).contains("exactly if it declares DURABLE");
  }

  @Test
  void anAssumptionOfTheEnginesTestFailsTheClass() throws IOException {
    EngineExecutionResults results = run(Assuming.class, "closeCanBeRepeated");
    assertThat(reason(results.containerEvents().failed()))
        .contains("assumption", "closeCanBeRepeated", "@EngineRequirement");
    assertThat(reported(Assuming.class)).contains("| L-01 | 0 | 1 |  |");
  }

  /** Such a test would count as passed; one that doesn't bind throws {@link DoesNotBind}. */
  @Test
  void noTestOfTheKitReturnsEarly() throws IOException {
    Path sources =
        Path.of(System.getProperty("project.root"))
            .resolve("vector-store-testkit/src/main/java/dev/vectorstore/testkit");
    Pattern early = Pattern.compile("default void (\\w+)\\((?:(?!\\n  }\\n)[\\s\\S])*?\\breturn;");
    int seen = 0;
    try (Stream<Path> files = Files.list(sources)) {
      for (Path file : files.filter(each -> each.toString().endsWith("Contract.java")).toList()) {
        seen++;
        Matcher found = early.matcher(Files.readString(file));
        assertThat(found.find() ? found.group(1) : "").as("%s", file.getFileName()).isEmpty();
      }
    }
    assertThat(seen).as("files of the contract").isGreaterThan(25);
  }

  private static EngineExecutionResults run(Class<?> contract, String test) {
    return EngineTestKit.engine("junit-jupiter").selectors(selectMethod(contract, test)).execute();
  }

  private static String reason(Events events) {
    assertThat(events.count()).isEqualTo(1);
    return events
        .list()
        .get(0)
        .getRequiredPayload(TestExecutionResult.class)
        .getThrowable()
        .stream()
        .map(Throwable::getMessage)
        .findFirst()
        .orElseThrow();
  }

  /** What the run wrote down for the table of rules. */
  private static String reported(Class<?> contract) throws IOException {
    return Files.readString(
        Path.of(System.getProperty("contract.report"), contract.getSimpleName() + ".md"));
  }

  static class InProcess implements VectorStoreContract {
    @Override
    public EngineUnderTest engine() {
      return EngineUnderTest.inProcess();
    }

    @Override
    public VectorStore open(Endpoint endpoint, Credentials credentials, RetryPolicy retry) {
      return ModelStore.open();
    }
  }

  static final class WithoutExact extends InProcess {
    @Override
    public VectorStore open(Endpoint endpoint, Credentials credentials, RetryPolicy retry) {
      Set<Capability> declared = EnumSet.copyOf(ModelStore.CAPABILITIES);
      declared.remove(Capability.EXACT);
      return ModelStore.open(declared, Filter::test);
    }
  }

  /** Has an address, and doesn't declare REMOTE. */
  static final class Undeclared extends InProcess {
    @Override
    public EngineUnderTest engine() {
      return EngineUnderTest.remote(
          Endpoint.of("127.0.0.1", 1), Credentials.key("good"), Credentials.key("bad"));
    }
  }

  /** Declares DURABLE, and can't be killed. */
  static final class Undurable extends InProcess {
    @Override
    public VectorStore open(Endpoint endpoint, Credentials credentials, RetryPolicy retry) {
      Set<Capability> declared = EnumSet.copyOf(ModelStore.CAPABILITIES);
      declared.add(Capability.DURABLE);
      return ModelStore.open(declared, Filter::test);
    }
  }

  static final class Assuming extends InProcess {
    @Override
    public VectorStore open(Endpoint endpoint, Credentials credentials, RetryPolicy retry) {
      return Assumptions.abort("not today");
    }
  }
}
