package dev.vectorstore.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vectorstore.CollectionInfo;
import dev.vectorstore.CollectionInfo.UnreadColumn;
import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Embedding;
import dev.vectorstore.FieldPath;
import dev.vectorstore.FieldType;
import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MappingTest {
  private static final Mapping FLAT = Mapping.builder().flatMetadata(true).build();
  private static final Mapping ALL =
      Mapping.builder()
          .target("pages")
          .rename("a", "b")
          .drop("c")
          .vector("dense", "")
          .field(FieldPath.of("b"), FieldType.KEYWORD)
          .flatMetadata(true)
          .build();

  private static Payload mapped(Mapping mapping, Map<String, ?> payload) {
    return mapping.apply(VectorRecord.of(RecordId.of(1), Payload.of(payload))).payload();
  }

  @Test
  void aBuilderStartsWithAllThatTheMappingHas() {
    Mapping copy = ALL.toBuilder().build();

    assertThat(copy).hasToString(ALL.toString());
    assertThat(copy.target()).contains("pages");
    assertThat(copy.fields()).containsOnly(Map.entry(FieldPath.of("b"), FieldType.KEYWORD));
    UnreadColumn dropped = new UnreadColumn("c", "sparsevec(5)");
    UnreadColumn lost = new UnreadColumn("d", "sparsevec(5)");
    CollectionInfo source =
        CollectionInfo.of(CollectionSpec.builder("s").build(), Set.of())
            .withUnreadColumns(List.of(dropped, lost));
    assertThat(copy.lost(source)).containsExactly(lost);
    assertThat(copy.vectorName("dense")).isEmpty();
    assertThat(mapped(copy, Map.of("a", 1, "c", 2, "metadata", Map.of("d", 3))))
        .isEqualTo(Payload.of(Map.of("b", 1, "d", 3)));
  }

  @Test
  void eachPartTellsMappingsApart() {
    List<Mapping.Builder> others =
        List.of(
            Mapping.builder().target("t"),
            Mapping.builder().rename("a", "b"),
            Mapping.builder().drop("a"),
            Mapping.builder().vector("a", "b"),
            Mapping.builder().field(FieldPath.of("a"), FieldType.NUMBER),
            FLAT.toBuilder());

    for (Mapping.Builder other : others) {
      Mapping mapping = other.build();
      assertThat(mapping.toString()).isNotEqualTo(Mapping.identity().toString());
      assertThat(mapping)
          .isNotEqualTo(Mapping.identity())
          .doesNotHaveSameHashCodeAs(Mapping.identity())
          .isEqualTo(other.build())
          .hasSameHashCodeAs(other.build());
    }
  }

  @Test
  void aDeclaredFieldIsWhereItsValueGoes() {
    FieldPath lang = FieldPath.of("metadata", "lang");

    assertThat(Mapping.identity().apply(lang)).contains(lang);
    assertThat(FLAT.apply(lang)).contains(FieldPath.of("lang"));
    assertThat(FLAT.apply(FieldPath.of("metadata", "a", "b"))).contains(FieldPath.of("a", "b"));
    assertThat(FLAT.apply(FieldPath.of("metadata"))).contains(FieldPath.of("metadata"));
    assertThat(FLAT.apply(FieldPath.of("other", "lang"))).contains(FieldPath.of("other", "lang"));
    assertThat(ALL.apply(FieldPath.of("a", "x"))).contains(FieldPath.of("b", "x"));
    assertThat(ALL.apply(FieldPath.of("x", "a"))).contains(FieldPath.of("x", "a"));
    assertThat(ALL.apply(FieldPath.of("c", "x"))).isEmpty();
  }

  @Test
  void recordsAreKeptUnlessAKeyChanges() {
    assertThat(Mapping.identity().keepsRecords()).isTrue();
    assertThat(Mapping.builder().target("t").vector("a", "b").build().keepsRecords()).isTrue();
    assertThat(Mapping.builder().rename("a", "b").build().keepsRecords()).isFalse();
    assertThat(Mapping.builder().drop("a").build().keepsRecords()).isFalse();
    assertThat(FLAT.keepsRecords()).isFalse();
  }

  @Test
  void flatMetadataIsOnlyThatOfAnObject() {
    assertThat(mapped(FLAT, Map.of("metadata", "a text")))
        .isEqualTo(Payload.of(Map.of("metadata", "a text")));
    assertThat(mapped(FLAT, Map.of("metadata", Map.of(), "a", Map.of("b", 1))))
        .isEqualTo(Payload.of(Map.of("a", Map.of("b", 1))));
  }

  @Test
  void twoValuesOfOneKeyAreRefusedUnlessTheyAreEqual() {
    assertThat(mapped(FLAT, Map.of("url", "a", "metadata", Map.of("url", "a"))))
        .isEqualTo(Payload.of(Map.of("url", "a")));
    assertThatThrownBy(() -> mapped(FLAT, Map.of("url", "a", "metadata", Map.of("url", "b"))))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("\"url\"");
  }

  @Test
  void vectorsGetTheirNamesAndNoTwoTheSame() {
    VectorRecord record =
        VectorRecord.of(RecordId.of(1), Payload.empty())
            .withVector("dense", Embedding.of(1))
            .withVector("title", Embedding.of(2));

    assertThat(ALL.apply(record).vectors()).containsOnlyKeys("", "title");
    assertThat(ALL.vectorInSource("")).isEqualTo("dense");
    assertThat(ALL.vectorInSource("title")).isEqualTo("title");
    Mapping colliding = Mapping.builder().vector("dense", "title").build();
    assertThatThrownBy(() -> colliding.apply(record))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("\"title\"");
  }
}
