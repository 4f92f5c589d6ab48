package dev.vectorstore.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.RetryPolicy;
import dev.vectorstore.VectorStore;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/** Contract tests that take less than the whole contract are found; most classes here are wrong. */
final class ContractCheckTest {
  @Test
  void aContractTestThatFillsInItsEngineIsFine() {
    assertThat(ContractCheck.violations(Right.class)).isEmpty();
    assertThat(ContractCheck.violations(BesideTheContract.class)).isEmpty();
    assertThat(ContractCheck.violations(Requiring.class)).isEmpty();
  }

  @Test
  void anOverriddenTestIsFound() {
    assertThat(ContractCheck.violations(Overriding.class))
        .singleElement()
        .asString()
        .contains("closeCanBeRepeated", "overrides");
  }

  @Test
  void aTestOverriddenInASuperclassOrInterfaceIsFound() {
    assertThat(ContractCheck.violations(OfOverriding.class)).isNotEmpty();
    assertThat(ContractCheck.violations(OfOverridingInterface.class)).isNotEmpty();
  }

  @Test
  void aDisabledClassIsFound() {
    assertThat(ContractCheck.violations(Off.class)).singleElement().asString().contains("Disabled");
    assertThat(ContractCheck.violations(OffSomewhere.class)).isNotEmpty();
  }

  @Test
  void anExtensionThatCouldSwallowFailuresIsFound() {
    assertThat(ContractCheck.violations(Swallowing.class))
        .singleElement()
        .asString()
        .contains("ExtendWith");
    assertThat(ContractCheck.violations(Registering.class)).isNotEmpty();
  }

  @Test
  void aRequirementThatDoesMoreThanSkipTheClassIsFound() {
    assertThat(ContractCheck.violations(RequiringAndSwallowing.class))
        .singleElement()
        .asString()
        .contains("SwallowingRequirement");
    assertThat(ContractCheck.violations(RequiringUnmarked.class)).isNotEmpty();
    assertThat(ContractCheck.violations(RequiringAtAMethod.class)).isNotEmpty();
  }

  @Test
  void theKitHasTests() {
    assertThat(ContractCheck.tests(VectorStoreContract.class)).hasSizeGreaterThan(90);
  }

  private static class Right implements VectorStoreContract {
    @Override
    public EngineUnderTest engine() {
      return EngineUnderTest.inProcess();
    }

    @Override
    public VectorStore open(Endpoint endpoint, Credentials credentials, RetryPolicy retry) {
      throw new UnsupportedOperationException("not run");
    }
  }

  private static final class BesideTheContract extends Right {
    @AfterEach
    void cleanUp() {}

    @Test
    void isFasterThanItWas() {}
  }

  private static class Overriding extends Right {
    @Override
    public void closeCanBeRepeated() {}
  }

  private static final class OfOverriding extends Overriding {}

  private interface OverridingInterface extends VectorStoreContract {
    @Override
    default void closeCanBeRepeated() {}
  }

  private static final class OfOverridingInterface extends Right implements OverridingInterface {}

  @Disabled("planted")
  private static final class Off extends Right {}

  @DisabledOnOs(OS.LINUX)
  private static class OffOnLinux extends Right {}

  private static final class OffSomewhere extends OffOnLinux {}

  @ExtendWith(Swallower.class)
  private static final class Swallowing extends Right {}

  private static final class Registering extends Right {
    @RegisterExtension static final Swallower SWALLOWER = new Swallower();
  }

  @Requirement
  private static final class Requiring extends Right {}

  @SwallowingRequirement
  private static final class RequiringAndSwallowing extends Right {}

  @UnmarkedRequirement
  private static final class RequiringUnmarked extends Right {}

  private static final class RequiringAtAMethod extends Right {
    @AfterEach
    @Requirement
    void cleanUp() {}
  }

  @EngineRequirement
  @ExtendWith(AlwaysThere.class)
  @Retention(RetentionPolicy.RUNTIME)
  private @interface Requirement {}

  @EngineRequirement
  @ExtendWith({AlwaysThere.class, ThereAndSwallowing.class})
  @Retention(RetentionPolicy.RUNTIME)
  private @interface SwallowingRequirement {}

  @ExtendWith(AlwaysThere.class)
  @Retention(RetentionPolicy.RUNTIME)
  private @interface UnmarkedRequirement {}

  private static class AlwaysThere implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      return ConditionEvaluationResult.enabled("it is there");
    }
  }

  private static final class ThereAndSwallowing extends AlwaysThere
      implements TestExecutionExceptionHandler {
    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable throwable) {}
  }

  private static final class Swallower implements TestExecutionExceptionHandler {
    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable throwable) {}
  }
}
