package dev.vectorstore.qdrant;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ConditionsTest {
  /** Such a group, in a delete, would wipe the collection. */
  @Test
  void noGroupOfConditionsIsEmpty() {
    assertThatThrownBy(() -> Conditions.and(List.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Conditions.or(List.of())).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> PointIds.identity(List.of(), true))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
