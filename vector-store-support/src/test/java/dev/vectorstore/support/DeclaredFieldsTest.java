package dev.vectorstore.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vectorstore.FieldPath;
import dev.vectorstore.FieldType;
import dev.vectorstore.VectorStoreException.Conflict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DeclaredFieldsTest {
  private static final FieldPath FIELD = FieldPath.of("a");

  @Test
  void aRankedFieldStaysRankedAndNoOtherBecomesIt() {
    assertThat(DeclaredFields.typeOf(FIELD, FieldType.TEXT, FieldType.TERMS))
        .isEqualTo(FieldType.TEXT);
    assertThatThrownBy(() -> DeclaredFields.typeOf(FIELD, null, FieldType.TEXT))
        .isInstanceOf(Conflict.class)
        .hasMessageContaining("\"a\"")
        .hasMessageContaining("when its collection is made; declare it as TERMS, or copy");
  }

  /** TERMS would be a conflict too. */
  @Test
  void aFieldOfAnotherTypeIsNotAdvisedToBecomeTerms() {
    assertThatThrownBy(() -> DeclaredFields.typeOf(FIELD, FieldType.KEYWORD, FieldType.TEXT))
        .isInstanceOf(Conflict.class)
        .hasMessageContaining("leave it as KEYWORD, or copy")
        .hasMessageNotContaining("TERMS");
  }

  @ParameterizedTest
  @EnumSource(FieldType.class)
  void aDeclaredFieldKeepsItsType(FieldType declared) {
    assertThat(DeclaredFields.typeOf(FIELD, declared, declared)).isEqualTo(declared);
    for (FieldType other : FieldType.values()) {
      boolean accepted = declared == FieldType.TEXT && other == FieldType.TERMS;
      if (other != declared && !accepted) {
        assertThatThrownBy(() -> DeclaredFields.typeOf(FIELD, declared, other))
            .isInstanceOf(Conflict.class)
            .hasMessageContaining("is declared as " + declared)
            .hasMessageContaining("copy");
      }
    }
  }

  @ParameterizedTest
  @EnumSource(value = FieldType.class, mode = EnumSource.Mode.EXCLUDE, names = "TEXT")
  void aNewFieldHasTheTypeThatIsAskedFor(FieldType wanted) {
    assertThat(DeclaredFields.typeOf(FIELD, null, wanted)).isEqualTo(wanted);
  }
}
