package dev.vectorstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Several vectors a record: which one a name, or none, means. */
class NamedVectorsTest {
  private static final Embedding PLAIN = Embedding.of(1, 0);
  private static final Embedding TITLE = Embedding.of(1, 2, 3);
  private static final VectorRecord NONE = VectorRecord.of(RecordId.of(7), Payload.empty());
  private static final VectorRecord ONLY_TITLE = NONE.withVector("title", TITLE);
  private static final VectorRecord BOTH = NONE.withVector("", PLAIN).withVector("title", TITLE);

  private static final CollectionSpec BARE = CollectionSpec.builder("bare").build();
  private static final CollectionSpec OF_TITLE =
      CollectionSpec.builder("of_title").vector("title", 3, Metric.DOT).label("m", "x").build();
  private static final CollectionSpec TWO =
      OF_TITLE.toBuilder("two").vector("far", 2, Metric.EUCLIDEAN).build();
  private static final CollectionSpec WITH_PLAIN =
      TWO.toBuilder("with_plain").vectors(2, Metric.COSINE).build();

  @Test
  void aRecordsVectorIsThePlainOrTheOnlyOne() {
    assertThat(NONE.vector()).isEmpty();
    assertThat(ONLY_TITLE.vector()).contains(TITLE);
    assertThat(BOTH.vector()).contains(PLAIN);
    assertThat(BOTH.vector("title")).contains(TITLE);
    assertThat(BOTH.vector("")).contains(PLAIN);
    assertThat(BOTH.vector("far")).isEmpty();
    assertThat(ONLY_TITLE.withVector("far", PLAIN).vector()).isEmpty();
    assertThat(BOTH.withoutVectors()).isEqualTo(NONE);
  }

  @Test
  void vectorsAreCopiedInTheirOrderAndNotChanged() {
    Map<String, Embedding> given = new LinkedHashMap<>(Map.of("z", PLAIN));
    given.put("a", PLAIN);
    given.put("m", TITLE);
    VectorRecord record = NONE.withVectors(given);
    Map<String, Embedding> one = new HashMap<>(Map.of("z", PLAIN));
    VectorRecord single = NONE.withVectors(one);
    given.clear();
    one.clear();
    assertThat(record.vectors()).containsOnlyKeys("z", "a", "m").isUnmodifiable();
    assertThat(record.vectors().keySet()).containsExactly("z", "a", "m");
    assertThat(single.vectors()).containsOnlyKeys("z").isUnmodifiable();
    for (List<String> order : List.of(List.of("a", "z"), List.of("z", "a"))) {
      VectorRecord two = NONE.withVector(order.get(0), PLAIN).withVector(order.get(1), TITLE);
      assertThat(two.vectors().keySet()).containsExactlyElementsOf(order);
    }
    given.put("a", null);
    assertThatThrownBy(() -> NONE.withVectors(given))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("vectors has a null");
    assertThatThrownBy(() -> NONE.withVectors(mapOfANullName()))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("vectors has a null name");
  }

  private static Map<String, Embedding> mapOfANullName() {
    Map<String, Embedding> map = new HashMap<>();
    map.put(null, PLAIN);
    return map;
  }

  @Test
  void aCollectionsVectorIsThePlainOrTheOnlyOne() {
    assertThat(BARE.defaultVector()).isEmpty();
    assertThat(OF_TITLE.defaultVector()).contains("title");
    assertThat(OF_TITLE.dimension()).hasValue(3);
    assertThat(OF_TITLE.metric()).contains(Metric.DOT);
    assertThat(OF_TITLE.vector("")).isEqualTo(VectorSpec.of(3, Metric.DOT));
    assertThat(OF_TITLE.labels()).containsExactly(Map.entry("m", "x"));
    assertThat(TWO.defaultVector()).isEmpty();
    assertThat(TWO.dimension()).isEmpty();
    assertThat(WITH_PLAIN.defaultVector()).contains("");
    assertThat(WITH_PLAIN.vector("far").metric()).isEqualTo(Metric.EUCLIDEAN);
    assertThat(CollectionInfo.of(TWO, java.util.Set.of()).name()).isEqualTo("two");
  }

  @Test
  void whatIsNotNamedGetsTheOnlyName() {
    VectorRecord unnamed = NONE.withVector("", TITLE);
    assertThat(OF_TITLE.named(unnamed)).isEqualTo(ONLY_TITLE);
    assertThat(OF_TITLE.named(ONLY_TITLE)).isSameAs(ONLY_TITLE);
    assertThat(OF_TITLE.named(Projection.ids().withVectors("")))
        .isEqualTo(Projection.ids().withVectors("title"));
    assertThat(WITH_PLAIN.named(BOTH)).isSameAs(BOTH);
    Projection all = Projection.all();
    assertThat(TWO.named(all)).isSameAs(all);
    refused(() -> TWO.named(unnamed), "the vector of the record with number id 7 isn't named");
    refused(() -> TWO.named(Projection.ids().withVectors("x")), "a vector of the projection", "x");
  }

  @Test
  void aVectorThatHasNoPlaceIsToldWhichThereAre() {
    String both = "the vector title (DOT of 3 dimensions), the vector far (EUCLIDEAN of 2 dim";
    refused(() -> BARE.check(BOTH), "has no place", "without vectors");
    refused(() -> TWO.check(NONE.withVector("", TITLE)), "isn't named", both, "withVector(name");
    refused(() -> TWO.check(NONE.withVector("a b", TITLE)), "is named \"a b\"", both);
    refused(() -> WITH_PLAIN.check(NONE.withVector("x", TITLE)), "a plain vector (COSINE of 2");
    refused(
        () -> TWO.check(NONE.withVector("title", PLAIN)),
        "the vector title of the record with number id 7 has 2 dimensions,"
            + " the collection's vector title has 3");
    refused(
        () -> WITH_PLAIN.check(NONE.withVector("", TITLE)),
        "the vector of the record with number id 7 has 3 dimensions, the collection has 2");
    assertThatCode(() -> WITH_PLAIN.check(BOTH)).doesNotThrowAnyException();
    assertThatCode(() -> OF_TITLE.check(NONE.withVector("", TITLE))).doesNotThrowAnyException();
  }

  @Test
  void aSearchNamesItsVector() {
    SearchRequest far = SearchRequest.nearest(PLAIN).using("far");
    assertThat(far.using()).contains("far");
    assertThat(SearchRequest.nearest(PLAIN).using()).isEmpty();
    assertThatCode(() -> TWO.check(far)).doesNotThrowAnyException();
    refused(() -> TWO.check(SearchRequest.nearest(PLAIN)), "isn't named", "using(name)");
    refused(() -> TWO.check(far.using("title")), "the query's vector title has 2 dimensions");
    refused(() -> SearchRequest.text("fox").using("far"), "using is for searches by vector");
    refused(() -> TWO.check(far.projection(Projection.ids().withVectors("x"))), "named x");
    refused(
        () -> TWO.check(far.filter(Filter.field("a").matchesText("fox"))),
        "[\"a\"] isn't declared");
  }

  @Test
  void aSearchByTextAndVectorNeedsFieldAndCosine() {
    SearchRequest hybrid = SearchRequest.hybrid(PLAIN, "fox", Fusion.boosted());
    CollectionSpec terms = WITH_PLAIN.toBuilder().field("a", FieldType.TERMS).build();
    assertThatCode(() -> terms.check(hybrid)).doesNotThrowAnyException();
    refused(() -> WITH_PLAIN.check(hybrid), "declared as TEXT or TERMS, and the collection has");
    refused(() -> WITH_PLAIN.check(SearchRequest.text("fox")), "declared as TEXT, and the");
    refused(() -> terms.check(hybrid.using("far")), "boosted fusion needs cosine");
  }

  @Test
  void namesOfVectorsArePortable() {
    assertThatCode(() -> TWO.requirePortableVectorNames()).doesNotThrowAnyException();
    assertThatCode(() -> WITH_PLAIN.requirePortableVectorNames()).doesNotThrowAnyException();
    CollectionSpec odd = TWO.toBuilder().vector("a b", 2, Metric.DOT).build();
    refused(odd::requirePortableVectorNames, "the vector name \"a b\" isn't a letter");
  }

  @Test
  void aProjectionBringsTheVectorsThatItNames() {
    Projection title = Projection.payload().withVectors("title");
    assertThat(title.vectors().orElseThrow()).containsExactly("title");
    assertThat(title.fields()).isEmpty();
    assertThat(title.hasVectors()).isTrue();
    assertThat(title.hasVector("title")).isTrue();
    assertThat(title.hasVector("")).isFalse();
    assertThat(title.apply(BOTH)).isEqualTo(ONLY_TITLE);
    assertThat(title.apply(ONLY_TITLE)).isSameAs(ONLY_TITLE);
    assertThat(Projection.all().hasVectors()).isTrue();
    assertThat(Projection.all().hasVector("x")).isTrue();
    assertThat(Projection.all().vectors()).isEmpty();
    assertThat(Projection.payload().hasVectors()).isFalse();
    assertThat(Projection.fields("a").fields().orElseThrow()).containsExactly("a");
  }

  private static void refused(ThrowingCallable call, String... hints) {
    assertThatThrownBy(call)
        .isInstanceOf(VectorStoreException.InvalidRequest.class)
        .hasMessageContainingAll(hints);
  }
}
