package dev.vectorstore.supabase.tables;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ColumnTypeTest {
  @Test
  @DisplayName("S52: the types of vectors, by what the table says")
  void vectorTypes() {
    Map<String, ColumnType.Kind> kinds =
        Stream.of("vector(3)", "public.vector(3)", "extensions.halfvec(3)", "public.sparsevec(9)")
            .collect(Collectors.toMap(format -> format, format -> ColumnType.of(format).kind()));

    assertThat(kinds)
        .containsEntry("vector(3)", ColumnType.Kind.VECTOR)
        .containsEntry("public.vector(3)", ColumnType.Kind.VECTOR)
        .containsEntry("extensions.halfvec(3)", ColumnType.Kind.VECTOR)
        .containsEntry("public.sparsevec(9)", ColumnType.Kind.FOREIGN_VECTOR);
    assertThat(ColumnType.of("bit").kind()).isEqualTo(ColumnType.Kind.OTHER);
    assertThat(ColumnType.of("public.vector").dimension()).isZero();
    assertThat(ColumnType.of("extensions.vector(1536)").dimension()).isEqualTo(1536);
  }
}
