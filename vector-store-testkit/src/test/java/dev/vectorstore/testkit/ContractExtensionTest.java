package dev.vectorstore.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.vectorstore.RetryPolicy;
import dev.vectorstore.VectorStore;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.reflect.Method;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

/** A contract test that tampers with the contract fails as a whole. */
final class ContractExtensionTest {
  @Test
  void aTamperingClassRunsNoTestAndFails() {
    var results =
        EngineTestKit.engine("junit-jupiter").selectors(selectClass(Tampering.class)).execute();
    Events tests = results.testEvents();
    assertThat(tests.started().count()).isZero();
    assertThat(results.containerEvents().failed().count()).isEqualTo(1);
  }

  @Test
  void aConditionThatDisablesOneTestFailsTheClass() {
    var results =
        EngineTestKit.engine("junit-jupiter").selectors(selectClass(Choosy.class)).execute();
    assertThat(results.testEvents().skipped().count()).isEqualTo(1);
    assertThat(
            results.containerEvents().failed().stream()
                .flatMap(event -> event.getPayload(TestExecutionResult.class).stream())
                .flatMap(result -> result.getThrowable().stream()))
        .singleElement()
        .asString()
        .contains("closeCanBeRepeated", "disabled");
  }

  @Test
  void anEngineThatIsMissingSkipsTheWholeClassAndFailsNothing() {
    var results =
        EngineTestKit.engine("junit-jupiter").selectors(selectClass(Missing.class)).execute();
    assertThat(results.containerEvents().skipped().count()).isEqualTo(1);
    assertThat(results.containerEvents().failed().count()).isZero();
    assertThat(results.testEvents().started().count()).isZero();
  }

  static class Refusing implements VectorStoreContract {
    @Override
    public EngineUnderTest engine() {
      return EngineUnderTest.inProcess();
    }

    @Override
    public VectorStore open(Endpoint endpoint, Credentials credentials, RetryPolicy retry) {
      throw new UnsupportedOperationException("each test fails at once");
    }
  }

  @EngineRequirement
  @ExtendWith(AllButOne.class)
  @Retention(RetentionPolicy.RUNTIME)
  @interface RequiresAllButOne {}

  @RequiresAllButOne
  static final class Choosy extends Refusing {}

  @EngineRequirement
  @ExtendWith(Nowhere.class)
  @Retention(RetentionPolicy.RUNTIME)
  @interface RequiresNothingThere {}

  @RequiresNothingThere
  static final class Missing extends Refusing {}

  static final class AllButOne implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      return context.getTestMethod().map(Method::getName).equals(Optional.of("closeCanBeRepeated"))
          ? ConditionEvaluationResult.disabled("it isn't liked")
          : ConditionEvaluationResult.enabled("all others are");
    }
  }

  static final class Nowhere implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      return ConditionEvaluationResult.disabled("the engine is missing");
    }
  }

  static final class Tampering implements VectorStoreContract {
    @Override
    public EngineUnderTest engine() {
      return EngineUnderTest.inProcess();
    }

    @Override
    public VectorStore open(Endpoint endpoint, Credentials credentials, RetryPolicy retry) {
      throw new UnsupportedOperationException("no test gets here");
    }

    @Override
    public void closeCanBeRepeated() {}
  }
}
