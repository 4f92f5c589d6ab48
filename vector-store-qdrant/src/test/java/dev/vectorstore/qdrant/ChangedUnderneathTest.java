package dev.vectorstore.qdrant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Embedding;
import dev.vectorstore.FieldPath;
import dev.vectorstore.FieldType;
import dev.vectorstore.Filter;
import dev.vectorstore.Metric;
import dev.vectorstore.Payload;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.ScanRequest;
import dev.vectorstore.SearchHit;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStoreException.Conflict;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestEngine;
import io.qdrant.client.grpc.Collections.PayloadIndexParams;
import io.qdrant.client.grpc.Collections.TextIndexParams;
import io.qdrant.client.grpc.Collections.TokenizerType;
import io.qdrant.client.grpc.Points.CreateFieldIndexCollection;
import io.qdrant.client.grpc.Points.DeleteFieldIndexCollection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What others change of a collection while it is open: its indexes, its vectors, all of it. */
@RequiresEngine(TestEngine.QDRANT)
class ChangedUnderneathTest extends OneCollection {
  private static final Logger LOG = LoggerFactory.getLogger(ChangedUnderneathTest.class);
  private static final Filter CAT = Filter.field("t").matchesText("cat");
  private static final Filter CATS = Filter.field("t").matchesPhrase("cat");
  private static final List<Filter> FILTERS =
      List.of(
          Filter.not(Filter.field("p").gte(3)),
          Filter.field("p").gte(3.5),
          CAT,
          Filter.not(CAT),
          Filter.and(CATS, Filter.field("p").lt(4)),
          Filter.not(Filter.field("p").eq("word")));
  private static final String TERMS = Reserved.path(Reserved.slot(FieldPath.of("t")));

  private VectorCollection texts(FieldType type) {
    VectorCollection texts =
        bench.store().ensureCollection(spec().field("t", type).vectors(2, Metric.DOT).build());
    texts.upsert(
        List.of(
            record(1, Map.of("t", "the cat sat")),
            record(2, Map.of("t", "a category of things")),
            record(3, Map.of("t", "dog"))));
    return texts;
  }

  private CollectionSpec.Builder spec() {
    return CollectionSpec.builder(name);
  }

  private static VectorRecord record(long id, Map<String, ?> payload) {
    return VectorRecord.of(RecordId.of(id), new float[] {id, 1}, Payload.of(payload));
  }

  private void dropIndex(String path) {
    DeleteFieldIndexCollection request =
        DeleteFieldIndexCollection.newBuilder()
            .setCollectionName(name)
            .setWait(true)
            .setFieldName(path)
            .build();
    bench.points().deleteFieldIndex(request);
  }

  private void indexTermsBy(TokenizerType tokenizer) {
    index(
        CreateFieldIndexCollection.newBuilder()
            .setFieldName(TERMS)
            .setFieldType(io.qdrant.client.grpc.Points.FieldType.FieldTypeText)
            .setFieldIndexParams(
                PayloadIndexParams.newBuilder()
                    .setTextIndexParams(TextIndexParams.newBuilder().setTokenizer(tokenizer))));
  }

  private static List<Long> ids(List<VectorRecord> records) {
    return records.stream().map(record -> ((RecordId.NumberId) record.id()).value()).toList();
  }

  private static List<Long> scanned(VectorCollection collection, Filter filter) {
    return ids(
        collection.scan(ScanRequest.all().filter(filter).projection(Projection.ids())).records());
  }

  private static List<Long> found(VectorCollection collection, Filter filter) {
    SearchRequest nearest = SearchRequest.nearest(1, 0).filter(filter);
    List<Long> alone =
        ids(collection.search(nearest).stream().map(SearchHit::record).sorted(BY_ID).toList());
    List<List<SearchHit>> together = collection.searchBatch(List.of(nearest, nearest.limit(7)));
    assertThat(together)
        .allMatch(
            hits -> ids(hits.stream().map(SearchHit::record).sorted(BY_ID).toList()).equals(alone));
    return alone;
  }

  private static final Comparator<VectorRecord> BY_ID = Comparator.comparing(VectorRecord::id);

  @ParameterizedTest
  @EnumSource(
      value = FieldType.class,
      names = {"TERMS", "TEXT"})
  void withoutTheIndexOfTermsNoPartOfAWordIsTakenForTheWord(FieldType type) {
    VectorCollection texts = texts(type);
    assertThat(scanned(texts, CAT)).containsExactly(1L);
    dropIndex(TERMS);
    for (Filter filter : List.of(CAT, CATS)) {
      assertThat(scanned(texts, filter)).containsExactly(1L);
      assertThat(found(texts, filter)).containsExactly(1L);
      assertThat(found(texts, Filter.not(filter))).doesNotContain(1L);
      assertThat(texts.count(filter)).isEqualTo(1);
    }
    bench.pass(Look.VALID);
    assertThat(found(texts, Filter.not(CAT))).containsExactly(2L, 3L);
    texts.deleteWhere(CAT);
    assertThat(scanned(texts, Filter.all())).containsExactly(2L, 3L);
  }

  @ParameterizedTest
  @EnumSource(
      value = TokenizerType.class,
      names = {"Prefix", "Word", "Multilingual"})
  void anotherIndexOfTermsIsNotTakenForOurs(TokenizerType tokenizer) {
    VectorCollection texts = texts(FieldType.TERMS);
    assertThat(scanned(texts, CAT)).containsExactly(1L);
    dropIndex(TERMS);
    indexTermsBy(tokenizer);
    Filter part = Filter.field("t").matchesText("cate");
    assertThat(scanned(texts, part)).isEmpty();
    assertThat(texts.count(part)).isZero();
    texts.deleteWhere(part);
    texts.deleteWhere(CAT);
    assertThat(scanned(texts, Filter.all())).containsExactly(2L, 3L);
  }

  @ParameterizedTest
  @EnumSource(
      value = io.qdrant.client.grpc.Points.FieldType.class,
      names = {"FieldTypeInteger", "FieldTypeDatetime", "FieldTypeUuid", "FieldTypeKeyword"})
  void anIndexThatSomebodyAddsWidensNoDelete(io.qdrant.client.grpc.Points.FieldType type) {
    VectorCollection odd = bench.store().ensureCollection(spec().build());
    String id = "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11";
    odd.upsert(
        List.of(
            bare(1, 3.5),
            bare(2, 2L),
            bare(3, 4L),
            bare(4, "2024-01-01T00:00:00Z"),
            bare(5, id),
            bare(6, id.toUpperCase(Locale.ROOT))));
    Filter least = Filter.field("p").gte(3);
    assertThat(scanned(odd, least)).as("opened now").containsExactly(1L, 3L);
    index("p", type);
    assertThat(scanned(odd, Filter.not(least))).doesNotContain(1L, 3L);
    odd.deleteWhere(Filter.field("p").eq(id));
    assertThat(scanned(odd, Filter.all())).containsExactly(1L, 2L, 3L, 4L, 6L);
    odd.deleteWhere(Filter.not(least));
    assertThat(scanned(odd, Filter.all())).containsExactly(1L, 3L);
    dropIndex("p");
    odd.deleteWhere(least);
    assertThat(scanned(odd, Filter.all())).as("nothing is left by what was").isEmpty();
  }

  private static VectorRecord bare(long id, Object p) {
    return VectorRecord.of(RecordId.of(id), Payload.of(Map.of("p", p)));
  }

  /** Before that a record can be missing, since the condition is that of before. */
  @Test
  void readsNoticeAnotherIndexWithinASecond() {
    VectorCollection odd = bench.store().ensureCollection(spec().vectors(2, Metric.DOT).build());
    odd.upsert(List.of(record(1, Map.of("p", 3.5)), record(2, Map.of("p", 4L))));
    Filter least = Filter.field("p").gte(3);
    assertThat(found(odd, least)).containsExactly(1L, 2L);
    index("p", io.qdrant.client.grpc.Points.FieldType.FieldTypeInteger);
    bench.pass(Look.VALID);
    assertThat(found(odd, least)).as("the search that looks").containsExactly(1L, 2L);
    assertThat(scanned(odd, least)).containsExactly(1L, 2L);
    dropIndex("p");
    index("p", io.qdrant.client.grpc.Points.FieldType.FieldTypeDatetime);
    bench.pass(Look.VALID);
    assertThat(scanned(odd, least)).as("the scan that looks").containsExactly(1L, 2L);
    assertThat(odd.count(least)).isEqualTo(2);
  }

  @Test
  void aFieldThatIsDeclaredSinceIsSearchedWithinASecond() {
    VectorCollection before = bench.store().ensureCollection(spec().build());
    before.upsert(List.of(bare(1, "the cat"), bare(2, "category")));
    bench.store().ensureCollection(spec().field("p", FieldType.TERMS).build()).describe();
    bench.pass(Look.VALID);
    assertThat(scanned(before, Filter.field("p").matchesText("cat"))).containsExactly(1L);
  }

  private Supplier<VectorCollection> madeAnew(CollectionSpec first, CollectionSpec then) {
    VectorCollection before = bench.store().ensureCollection(first);
    before.upsert(List.of(record(1, Map.of())));
    bench.store().drop(name);
    bench.store().ensureCollection(then).describe();
    return () -> before;
  }

  private void assertRefused(VectorCollection before) {
    bench.pass(Look.VALID);
    assertThatThrownBy(() -> before.upsert(List.of(record(2, Map.of()))))
        .isInstanceOf(Conflict.class)
        .hasMessageContaining("made anew with other vectors")
        .hasMessageContaining("ask the store for it again");
    assertThatThrownBy(() -> before.upsert(List.of(record(2, Map.of()))))
        .as("the second one, without another look")
        .isInstanceOf(Conflict.class);
    assertThatThrownBy(() -> before.search(SearchRequest.nearest(1, 0)))
        .isInstanceOf(Conflict.class);
    assertThatThrownBy(() -> before.deleteWhere(Filter.field("p").exists()))
        .isInstanceOf(Conflict.class);
    VectorCollection anew = bench.store().collection(name);
    assertThat(anew.count(Filter.all())).isZero();
  }

  @Test
  void aCollectionMadeAnewWithAnotherMetricIsAnotherOne() {
    assertRefused(
        madeAnew(spec().vectors(2, Metric.COSINE).build(), spec().vectors(2, Metric.DOT).build())
            .get());
  }

  @Test
  void aCollectionMadeAnewWithOneMoreVectorIsAnotherOne() {
    CollectionSpec one = spec().vectors(2, Metric.DOT).build();
    assertRefused(madeAnew(one, one.toBuilder().vector("b", 2, Metric.DOT).build()).get());
  }

  /** As tests and nightly jobs do it. */
  @Test
  void aCollectionMadeAnewAsItWasGoesOn() {
    CollectionSpec same = spec().vectors(2, Metric.DOT).build();
    VectorCollection before = madeAnew(same, same).get();
    bench.pass(Look.VALID);
    before.upsert(List.of(record(2, Map.of("p", 1L))));
    assertThat(found(before, Filter.field("p").eq(1))).containsExactly(2L);
  }

  @Test
  void anAddedVectorDisturbsNobody() {
    CollectionSpec one = spec().vectors(2, Metric.DOT).build();
    VectorCollection before = bench.store().ensureCollection(one);
    before.upsert(List.of(record(1, Map.of("p", 1L))));
    bench.store().ensureCollection(one.toBuilder().vector("b", 2, Metric.DOT).build()).describe();
    bench.pass(Look.VALID);
    before.upsert(List.of(record(2, Map.of("p", 1L))));
    assertThat(found(before, Filter.field("p").eq(1))).containsExactly(1L, 2L);
    assertThat(before.describe().spec().vectors()).hasSize(1);
  }

  /**
   * Of collections that we didn't make there is no mark, so that the vector itself is looked at.
   */
  @Test
  void aVectorThatWasDroppedAndMadeAnewWithAnotherMetricIsAConflictWhereItIsUsed() {
    CollectionSpec two = spec().vectors(2, Metric.DOT).vector("b", 2, Metric.COSINE).build();
    VectorCollection before = bench.store().ensureCollection(two);
    before.upsert(List.of(record(1, Map.of())));
    bench.store().dropVector(name, "b");
    bench
        .store()
        .ensureCollection(spec().vectors(2, Metric.DOT).vector("b", 2, Metric.DOT).build())
        .describe();
    bench.pass(Look.VALID);
    VectorRecord whole =
        VectorRecord.of(
            RecordId.of(2),
            Map.of("", Embedding.of(1, 1), "b", Embedding.of(1, 1)),
            Payload.empty());
    assertThatThrownBy(() -> before.upsert(List.of(whole)))
        .isInstanceOf(Conflict.class)
        .hasMessageContaining("b");
    assertThatThrownBy(() -> before.search(SearchRequest.nearest(1, 0).using("b")))
        .isInstanceOf(Conflict.class);
    before.upsert(List.of(record(2, Map.of())));
    assertThat(before.search(SearchRequest.nearest(1, 0).using(""))).hasSize(2);
  }

  /**
   * Changes come at any moment of a delete. One that is made and undone within it can't be seen, so
   * records may be left over meanwhile, but never gone; afterwards none is left over.
   */
  @Test
  void deletesUnderRandomChangesOfIndexesTakeNoRecordTooMany() throws InterruptedException {
    VectorCollection odd =
        bench.store().ensureCollection(spec().field("t", FieldType.TERMS).build());
    int changes = Boolean.getBoolean("long") ? 1_000 : 40;
    AtomicBoolean over = new AtomicBoolean();
    Random random = new Random(15);
    Thread changer =
        new Thread(
            () -> {
              for (int i = 0; i < changes; i++) {
                change(random);
              }
              over.set(true);
            });
    changer.start();
    int rounds = 0;
    int leftOver = 0;
    for (; !over.get() || rounds == 0; rounds++) {
      leftOver += leftOver(odd, rounds);
    }
    changer.join();
    LOG.warn("{} deletes beside {} changes left {} records over", rounds, changes, leftOver);
    for (int filter = 0; filter < FILTERS.size(); filter++) {
      assertThat(leftOver(odd, filter)).as("%s", FILTERS.get(filter)).isZero();
    }
  }

  private void change(Random random) {
    if (random.nextInt(3) == 0) {
      dropIndex(random.nextBoolean() ? "p" : TERMS);
    } else if (random.nextInt(3) == 0) {
      indexTermsBy(random.nextBoolean() ? TokenizerType.Prefix : TokenizerType.Whitespace);
    } else {
      io.qdrant.client.grpc.Points.FieldType[] types =
          io.qdrant.client.grpc.Points.FieldType.values();
      index("p", types[random.nextInt(types.length - 1)]);
    }
  }

  /** Deletes, and counts what matches and is still there; what doesn't match must be. */
  private static int leftOver(VectorCollection odd, int round) {
    List<Object> values = List.of(3.5, 3L, 4L, 2.5, "2024-01-01T00:00:00Z", "word", true);
    List<String> texts = List.of("cat", "category", "the cat", "dog");
    List<VectorRecord> records =
        LongStream.range(0, 28)
            .mapToObj(
                i ->
                    VectorRecord.of(
                        RecordId.of(i),
                        Payload.of(
                            Map.of("p", values.get((int) i % 7), "t", texts.get((int) i / 7)))))
            .toList();
    odd.upsert(records);
    Filter filter = FILTERS.get(round % FILTERS.size());
    odd.deleteWhere(filter);
    List<Long> left = scanned(odd, Filter.all());
    List<Long> kept = ids(records.stream().filter(record -> !filter.test(record)).toList());
    assertThat(left).as("%s", filter).containsAll(kept);
    return left.size() - kept.size();
  }
}
