package dev.vectorstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** The filter of a search by text: all terms in one of the text fields, and its own filter. */
class TextFilterTest {
  private static final CollectionSpec SPEC =
      CollectionSpec.builder("a")
          .field("terms", FieldType.TERMS)
          .field("n", FieldType.NUMBER)
          .field("text", FieldType.TEXT)
          .build();
  private static final SearchRequest FOX = SearchRequest.text("Red fox");

  @Test
  void allTermsAreInOneFieldOfText() {
    Filter filter = FOX.textFilter(SPEC);
    assertThat(filter.test(record(Map.of("terms", "a red fox")))).isTrue();
    assertThat(filter.test(record(Map.of("text", "FOX, red")))).isTrue();
    assertThat(filter.test(record(Map.of("text", "red", "terms", "fox")))).isFalse();
    assertThat(filter.test(record(Map.of("other", "a red fox")))).isFalse();
  }

  @Test
  void theSearchsOwnFilterCountsToo() {
    Filter small = Filter.field("n").lt(5);
    Filter filter = FOX.filter(small).textFilter(SPEC);
    assertThat(filter.test(record(Map.of("text", "red fox", "n", 1)))).isTrue();
    assertThat(filter.test(record(Map.of("text", "red fox", "n", 9)))).isFalse();
    assertThat(filter.test(record(Map.of("text", "red", "n", 1)))).isFalse();
    assertThat(FOX.filter(Filter.none()).textFilter(SPEC)).isEqualTo(Filter.none());
    assertThat(filter.depth()).isEqualTo(1 + FOX.textFilter(SPEC).depth());
    Filter deep = Filter.not(Filter.not(Filter.or(small, Filter.not(small))));
    assertThat(FOX.filter(deep).textFilter(SPEC).depth()).isEqualTo(1 + deep.depth());
  }

  @Test
  void withoutTermsNothingIsSelected() {
    assertThat(SearchRequest.text("???").textFilter(SPEC)).isEqualTo(Filter.none());
  }

  @Test
  void itNeedsATextAndAFieldOfText() {
    assertThatThrownBy(() -> SearchRequest.nearest(1, 2).textFilter(SPEC))
        .isInstanceOf(VectorStoreException.InvalidRequest.class)
        .hasMessageContaining("it isn't a text search");
    CollectionSpec numbers = CollectionSpec.builder("a").field("n", FieldType.NUMBER).build();
    assertThatThrownBy(() -> FOX.textFilter(numbers))
        .isInstanceOf(VectorStoreException.InvalidRequest.class)
        .hasMessageContaining("no field declared as TEXT or TERMS");
  }

  private static VectorRecord record(Map<String, Object> payload) {
    return VectorRecord.of(RecordId.of(1), Payload.of(payload));
  }
}
