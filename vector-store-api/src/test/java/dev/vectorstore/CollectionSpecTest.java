package dev.vectorstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vectorstore.CollectionInfo.UnreadColumn;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class CollectionSpecTest {
  private static final CollectionSpec COSINE =
      CollectionSpec.builder("pages")
          .vectors(2, Metric.COSINE)
          .field("content", FieldType.TERMS)
          .field(FieldPath.of("meta", "lang"), FieldType.KEYWORD)
          .label("model", "m")
          .build();
  private static final CollectionSpec DOT = COSINE.toBuilder().vectors(2, Metric.DOT).build();
  private static final CollectionSpec BARE = CollectionSpec.builder("bare").build();

  @Test
  void aSpecIsAValue() {
    assertThat(COSINE.toBuilder().build()).isEqualTo(COSINE).hasSameHashCodeAs(COSINE);
    assertThat(COSINE.toBuilder("other").build()).isNotEqualTo(COSINE);
    assertThat(DOT).isNotEqualTo(COSINE);
    assertThat(BARE.dimension()).isEmpty();
    assertThat(BARE.metric()).isEmpty();
    assertThat(COSINE.dimension()).hasValue(2);
  }

  @Test
  void aRecordThatCantBeStoredIsNamed() {
    refused(() -> COSINE.check(record(Embedding.of(1, 2, 3))), "number id 7", "3", "2");
    refused(() -> COSINE.check(record(Embedding.of(1, Float.NaN))), "number id 7", "NaN");
    refused(() -> DOT.check(record(Embedding.of(1, Float.NEGATIVE_INFINITY))), "infinity");
    refused(() -> COSINE.check(record(Embedding.of(0, -0f))), "zero");
    refused(() -> DOT.check(record(Embedding.of(1, (float) 2e15))), "1e15");
    refused(() -> BARE.check(record(Embedding.of(1, 2))), "without vectors");
    assertThatCode(() -> DOT.check(record(Embedding.of(0, 0)))).doesNotThrowAnyException();
    assertThatCode(() -> DOT.check(record(Embedding.of((float) 1e15, (float) -1e15))))
        .doesNotThrowAnyException();
    assertThatCode(() -> COSINE.check(record(Embedding.of((float) 3e38, 0))))
        .doesNotThrowAnyException();
    assertThatCode(() -> BARE.check(VectorRecord.of(RecordId.of(7), Payload.empty())))
        .doesNotThrowAnyException();
  }

  @Test
  void anIdOfAnotherKindIsRefused() {
    CollectionSpec numbers = COSINE.toBuilder().idKinds(IdKind.NUMBER).build();
    refused(
        () -> numbers.check(VectorRecord.of(RecordId.of("x".repeat(500)), Payload.empty())),
        "TEXT",
        "NUMBER",
        "id " + "x".repeat(80) + "...");
    refused(
        () -> numbers.check(VectorRecord.of(RecordId.of("x".repeat(80)), Payload.empty())),
        "id " + "x".repeat(80) + " has");
  }

  @Test
  void textIsMatchedOnDeclaredFieldsOnly() {
    Filter good = FieldPath.of("content").matchesText("fox");
    Filter bad = FieldPath.of("title").matchesPhrase("fox");
    assertThatCode(() -> COSINE.check(good)).doesNotThrowAnyException();
    refused(() -> COSINE.check(bad), "title", "TERMS");
    refused(() -> COSINE.check(Filter.not(Filter.or(good, Filter.and(good, bad)))), "title");
    refused(() -> COSINE.check(FieldPath.of("meta", "lang").matchesText("en")), "lang");
    assertThatCode(() -> COSINE.check(FieldPath.of("title").containsText("fox")))
        .doesNotThrowAnyException();
  }

  /** A declared type can't become TERMS: to declare it so would be a conflict. */
  @Test
  void aFieldWithoutTermsIsToldWhatCanBeDone() {
    refused(
        () -> COSINE.check(FieldPath.of("title").matchesText("fox")),
        "[\"title\"] isn't declared in pages",
        "declare it as TERMS by ensureCollection",
        "or use contains or containsText, which need no declaration");
    assertThatThrownBy(() -> COSINE.check(FieldPath.of("meta", "lang").matchesText("en")))
        .isInstanceOf(VectorStoreException.InvalidRequest.class)
        .hasMessageContaining("[\"meta\", \"lang\"] is declared as KEYWORD in pages")
        .hasMessageContaining("copy the collection to one that is made with the field as TERMS")
        .hasMessageContaining("or use contains or containsText, which need no declaration")
        .hasMessageNotContaining("ensureCollection");
  }

  @Test
  void aSearchMustFitTheCollection() {
    refused(() -> BARE.check(SearchRequest.text("fox")), "TEXT");
    refused(() -> BARE.check(SearchRequest.nearest(Embedding.of(1))), "without vectors");
    refused(() -> COSINE.check(SearchRequest.nearest(Embedding.of(0, 0))), "query", "zero");
    refused(() -> COSINE.check(SearchRequest.nearest(Embedding.of(1))), "query");
    refused(() -> COSINE.check(SearchRequest.text("fox")), "TERMS only", "matchesText");
    CollectionSpec ranked = COSINE.toBuilder().field("content", FieldType.TEXT).build();
    assertThatCode(() -> ranked.check(SearchRequest.text("fox"))).doesNotThrowAnyException();
    assertThatCode(() -> ranked.check(FieldPath.of("content").matchesPhrase("a fox")))
        .doesNotThrowAnyException();
    Embedding query = Embedding.of(1, 0);
    refused(() -> DOT.check(SearchRequest.hybrid(query, "fox", Fusion.boosted())), "rrf");
    assertThatCode(() -> DOT.check(SearchRequest.hybrid(query, "fox", Fusion.rrf())))
        .doesNotThrowAnyException();
  }

  @Test
  void aCollectionWithoutARankedFieldCannotRank() {
    Set<Capability> all = EnumSet.allOf(Capability.class);
    Set<Capability> unranked = EnumSet.complementOf(EnumSet.of(Capability.RANKED_TEXT));
    assertThat(CollectionInfo.of(COSINE, all).capabilities()).isEqualTo(unranked);
    CollectionSpec ranked = COSINE.toBuilder().field("title", FieldType.TEXT).build();
    assertThat(CollectionInfo.of(ranked, all).capabilities()).isEqualTo(all);
    assertThat(CollectionInfo.of(ranked, unranked).capabilities()).isEqualTo(unranked);
  }

  @Test
  void aDescriptionNamesWhatNoRecordShows() {
    CollectionInfo info = CollectionInfo.of(COSINE, Set.of());
    List<UnreadColumn> columns = List.of(new UnreadColumn("s", "sparsevec(5)"));
    CollectionInfo unread = info.withUnreadColumns(columns);
    assertThat(info.unreadColumns()).isEmpty();
    assertThat(unread.unreadColumns()).isEqualTo(columns).isUnmodifiable();
    assertThat(unread.spec()).isEqualTo(info.spec());
    assertThat(unread)
        .isNotEqualTo(info)
        .isEqualTo(info.withUnreadColumns(columns))
        .hasSameHashCodeAs(info.withUnreadColumns(columns))
        .doesNotHaveSameHashCodeAs(info);
    assertThat(unread.toString()).endsWith(", unreadColumns=[s (sparsevec(5))]]");
    assertThat(info.toString()).doesNotContain("unreadColumns");
  }

  @Test
  void dimensionsAndLabelsAreInRange() {
    refused(() -> CollectionSpec.builder("a").vectors(0, Metric.DOT), "0");
    refused(() -> CollectionSpec.builder("a").vectors(65_536, Metric.DOT), "65536");
    assertThat(VectorSpec.of(1, Metric.DOT).dimension()).isEqualTo(1);
    assertThat(VectorSpec.of(65_535, Metric.DOT).dimension()).isEqualTo(65_535);
    String[] deepest = new String[Payload.MAX_DEPTH];
    Arrays.fill(deepest, "s");
    assertThat(FieldPath.of(deepest).segments()).hasSize(24);
    refused(() -> FieldPath.of(Arrays.copyOf(deepest, 0)), "0 segments");
    refused(() -> CollectionSpec.builder("a").label("k", "\0"), "U+0000");
    refused(() -> CollectionSpec.builder("a").field("", FieldType.TERMS), "empty segment");
    refused(() -> CollectionSpec.builder("a").field("__vs", FieldType.TERMS), "reserved");
  }

  @Test
  void aFieldHasOneNameAndANestedOneAPath() {
    CollectionSpec spec =
        CollectionSpec.builder("a")
            .field("url", FieldType.KEYWORD)
            .field("a.b", FieldType.TERMS)
            .field(FieldPath.of("metadata", "year"), FieldType.NUMBER)
            .build();
    assertThat(spec.fields())
        .containsOnly(
            Map.entry(FieldPath.of("url"), FieldType.KEYWORD),
            Map.entry(FieldPath.of("a.b"), FieldType.TERMS),
            Map.entry(FieldPath.of("metadata", "year"), FieldType.NUMBER));
  }

  private static VectorRecord record(Embedding vector) {
    return VectorRecord.of(RecordId.of(7), vector, Payload.empty());
  }

  private static void refused(ThrowingCallable call, String... hints) {
    assertThatThrownBy(call)
        .isInstanceOf(VectorStoreException.InvalidRequest.class)
        .hasMessageContainingAll(hints);
  }
}
