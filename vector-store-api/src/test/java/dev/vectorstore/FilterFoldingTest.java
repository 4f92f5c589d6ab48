package dev.vectorstore;

import static dev.vectorstore.Filter.all;
import static dev.vectorstore.Filter.and;
import static dev.vectorstore.Filter.field;
import static dev.vectorstore.Filter.none;
import static dev.vectorstore.Filter.not;
import static dev.vectorstore.Filter.or;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FilterFoldingTest {
  private static final Filter A = field("a").eq(1);
  private static final Filter B = field("b").eq(2);

  @Test
  void constantsFoldAway() {
    assertThat(and(A, all())).isEqualTo(A);
    assertThat(and(A, none(), B)).isEqualTo(none());
    assertThat(or(A, none())).isEqualTo(A);
    assertThat(or(A, all())).isEqualTo(all());
    assertThat(not(all())).isEqualTo(none());
    assertThat(not(none())).isEqualTo(all());
    assertThat(and(all(), all()).isAll()).isTrue();
    assertThat(or(none()).isNone()).isTrue();
    assertThat(and(A)).isEqualTo(A);
  }

  @Test
  void emptyArgumentsAreConstants() {
    assertThat(field("a").in().isNone()).isTrue();
    assertThat(Filter.ids(List.of()).isNone()).isTrue();
    assertThat(Filter.containsJson(Payload.empty()).isAll()).isTrue();
    assertThat(not(field("a").in()).isAll()).isTrue();
    assertThat(or(B, field("a").in())).isEqualTo(B);
  }

  @Test
  void aConstantIsFoundAtTheTopOnly() {
    Filter folded = not(and(or(A, none()), not(field("b").in())));
    assertThat(folded).isEqualTo(not(A));
  }

  @Test
  void filtersAreValues() {
    assertThat(and(A, B)).isEqualTo(and(List.of(A, B))).hasSameHashCodeAs(and(A, B));
    assertThat(and(A, B)).isNotEqualTo(or(A, B)).isNotEqualTo(and(B, A));
    assertThat(field("a").eq(1)).isNotEqualTo(field("a").eq(1.0)).isNotEqualTo(field("a").eq("1"));
    List<Filter> mutable = new ArrayList<>(List.of(A, B));
    Filter both = and(mutable);
    mutable.clear();
    assertThat(both).isEqualTo(and(A, B));
  }

  @Test
  void idsComeInTheirOrder() {
    List<RecordId> ids = List.of(RecordId.of("b"), RecordId.of(9), RecordId.of("a"));
    assertThat(Filter.ids(ids)).isEqualTo(Filter.ids(List.of(ids.get(2), ids.get(1), ids.get(0))));
    assertThat(Filter.ids(ids).toString()).matches(".*9, a, b.*");
  }

  @Test
  void chainsOfTheSameConnectiveDoNotNest() {
    Filter any = A;
    Filter every = A;
    for (int i = 0; i < 1_000; i++) {
      any = or(any, field("n").eq(i));
      every = and(field("n").gt(i), every);
    }
    assertThat(any.depth()).isEqualTo(2);
    assertThat(every.depth()).isEqualTo(2);
    assertThat(any.test(RecordId.of(1), Json.payload("{\"n\": 999}"))).isTrue();
    assertThat(any.test(RecordId.of(1), Json.payload("{\"n\": 1000}"))).isFalse();
    assertThat(every.test(RecordId.of(1), Json.payload("{\"n\": 1000, \"a\": 1}"))).isTrue();
    assertThat(every.test(RecordId.of(1), Json.payload("{\"n\": 999, \"a\": 1}"))).isFalse();
    assertThat(or(and(A, B), A)).isNotEqualTo(or(A, B, A));
    assertThat(and(and(A, B), or(A, B)).depth()).isEqualTo(3);
  }

  @Test
  void filtersNestTwentyDeepAndNoDeeper() {
    Filter filter = A;
    for (int depth = 2; depth <= Filter.MAX_DEPTH; depth++) {
      filter = not(filter);
    }
    assertThat(filter.depth()).isEqualTo(20);
    assertThat(filter.test(RecordId.of(1), Json.payload("{\"a\": 1}"))).isFalse();
    Filter deepest = filter;
    assertThatThrownBy(() -> not(deepest)).isInstanceOf(VectorStoreException.InvalidRequest.class);
    assertThatThrownBy(() -> and(B, deepest))
        .isInstanceOf(VectorStoreException.InvalidRequest.class);
    assertThatThrownBy(() -> or(deepest, B))
        .isInstanceOf(VectorStoreException.InvalidRequest.class)
        .hasMessageContaining("20");
  }
}
