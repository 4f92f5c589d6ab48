package dev.vectorstore.testservers;

import java.util.Optional;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/** Decides for {@link RequiresEngine}. */
final class EngineCondition implements ExecutionCondition {
  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    return AnnotationSupport.findAnnotation(context.getElement(), RequiresEngine.class)
        .map(RequiresEngine::value)
        .map(EngineCondition::evaluate)
        .orElseGet(() -> ConditionEvaluationResult.enabled("No engine is needed"));
  }

  private static ConditionEvaluationResult evaluate(TestEngine[] engines) {
    for (TestEngine engine : engines) {
      ConditionEvaluationResult result = decide(engine, engine.missing(), engine.required());
      if (result.isDisabled()) {
        return result;
      }
    }
    return ConditionEvaluationResult.enabled("Every engine is there");
  }

  static ConditionEvaluationResult decide(
      TestEngine engine, Optional<String> missing, boolean required) {
    if (missing.isEmpty()) {
      return ConditionEvaluationResult.enabled(engine + " is there");
    }
    if (required) {
      throw new IllegalStateException(
          "-Dengines names " + engine + ", which isn't complete: " + missing.get());
    }
    return ConditionEvaluationResult.disabled(engine + " is missing: " + missing.get());
  }
}
