package dev.vectorstore.testservers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class EngineConditionTest {
  private static final Optional<String> NO_PROGRAM = Optional.of("there is no program; install it");

  @Test
  void anEngineThatIsThereRuns() {
    assertThat(EngineCondition.decide(TestEngine.QDRANT, Optional.empty(), true).isDisabled())
        .isFalse();
  }

  @Test
  void aMissingEngineIsSkippedWithTheReason() {
    var decision = EngineCondition.decide(TestEngine.QDRANT, NO_PROGRAM, false);

    assertThat(decision.isDisabled()).isTrue();
    assertThat(decision.getReason()).hasValueSatisfying(r -> assertThat(r).contains("install it"));
  }

  @Test
  void aMissingEngineThatWasAskedForFails() {
    assertThatThrownBy(() -> EngineCondition.decide(TestEngine.SUPABASE, NO_PROGRAM, true))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("SUPABASE")
        .hasMessageContaining("install it");
  }

  @Test
  void enginesAreAskedForByNameInAnyCase() {
    assertThat(TestEngine.QDRANT.isNamedIn("supabase, qdrant")).isTrue();
    assertThat(TestEngine.SUPABASE.isNamedIn("Supabase")).isTrue();
    assertThat(TestEngine.SUPABASE.isNamedIn("qdrant")).isFalse();
    assertThat(TestEngine.QDRANT.isNamedIn("")).isFalse();
  }
}
