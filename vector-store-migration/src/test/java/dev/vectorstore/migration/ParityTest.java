package dev.vectorstore.migration;

import static dev.vectorstore.migration.SampleStore.route;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.CollectionInfo.UnreadColumn;
import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Embedding;
import dev.vectorstore.FieldType;
import dev.vectorstore.Filter;
import dev.vectorstore.Metric;
import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.ScoreKind;
import dev.vectorstore.SearchHit;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Wrong answers that look like right ones. */
class ParityTest {
  private static final double[] NEARNESS = {0.99, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1};
  private static final int K = 3;
  private static final Payload OF_S1 = Payload.of(Map.of("source_id", "s1"));

  private FieldType content = FieldType.TERMS;
  private final VectorStore source = SampleStore.empty();
  private final VectorStore target = SampleStore.empty();

  @AfterEach
  void close() {
    source.close();
    target.close();
  }

  /** Rows nearer and nearer to {@link #asked()}, some of which have the word. */
  private void fill(Metric metric, List<Integer> ofS1, List<Integer> withWord) {
    for (VectorStore store : List.of(source, target)) {
      List<VectorRecord> rows = new ArrayList<>();
      for (int i = 0; i < NEARNESS.length; i++) {
        float[] vector = {(float) NEARNESS[i], (float) Math.sqrt(1 - NEARNESS[i] * NEARNESS[i])};
        Payload payload =
            Payload.builder()
                .put("content", withWord.contains(i) ? "a word" : "another")
                .put("source_id", ofS1.contains(i) ? "s1" : "s2")
                .build();
        rows.add(VectorRecord.of(RecordId.of(i), vector, payload));
      }
      store
          .ensureCollection(
              CollectionSpec.builder("rows")
                  .vectors(2, metric)
                  .field("content", content)
                  .field("source_id", FieldType.KEYWORD)
                  .build())
          .upsert(rows);
    }
  }

  private static Embedding asked() {
    return Embedding.of(1, 0);
  }

  private static ParityQuery near() {
    return ParityQuery.of("near", asked(), null, null);
  }

  private static ParityQuery both() {
    return ParityQuery.of("both", asked(), "word", null);
  }

  private Verify.Builder verify(ParityQuery query) {
    return verify(route(source, target), query);
  }

  private static Verify.Builder verify(Route route, ParityQuery query) {
    return Verify.of(route).k(K).sample(0).queries(List.of(query));
  }

  private static VerifyReport.Collection verified(Verify.Builder verify) {
    return verify.build().run().collections().get(0);
  }

  /** A target that answers every search with these. */
  private VerifyReport.Collection answering(ParityQuery query, long... ids) {
    assertThat(verified(verify(query)).overlap()).as("the right answer").hasValue(1);
    Watched.Events events =
        new Watched.Events() {
          @Override
          public List<SearchHit> afterSearch(SearchRequest request, List<SearchHit> hits) {
            return hits(ids);
          }
        };
    return verified(verify(route(source, new Watched(target, events)), query));
  }

  private static List<SearchHit> hits(long... ids) {
    return LongStream.of(ids)
        .mapToObj(id -> VectorRecord.of(RecordId.of(id), Payload.empty()))
        .map(record -> SearchHit.of(record, 1, ScoreKind.FUSED))
        .toList();
  }

  private static double overlap(VerifyReport.Collection rows) {
    return rows.overlap().orElseThrow();
  }

  @ParameterizedTest
  @EnumSource(Metric.class)
  void neighboursThatAreFartherAreNoTies(Metric metric) {
    fill(metric, List.of(), List.of());

    VerifyReport.Collection farthest = answering(near(), 9, 8, 7);
    assertThat(overlap(farthest)).isZero();
    assertThat(farthest.causes()).containsOnly(Map.entry(Parity.TARGET_SEARCH, 3L));
    assertThat(overlap(answering(near(), 0, 1, 3))).isEqualTo(2 / 3.0);
  }

  @Test
  void aNeighbourThatTheFilterRulesOutIsNoTie() {
    fill(Metric.COSINE, List.of(1, 2, 3, 4), List.of());
    ParityQuery filtered = ParityQuery.of("filtered", asked(), null, OF_S1);

    VerifyReport.Collection rows = answering(filtered, 1, 2, 0);
    assertThat(overlap(rows)).isEqualTo(2 / 3.0);
    assertThat(rows.causes()).containsOnly(Map.entry(Parity.TARGET_SEARCH, 1L));
  }

  @ParameterizedTest
  @EnumSource(Metric.class)
  void aHybridHitOfALowerPlaceIsNoTie(Metric metric) {
    fill(metric, List.of(), List.of(0, 1, 2, 3, 4));

    assertThat(overlap(answering(both(), 0, 1, 3))).isEqualTo(2 / 3.0);
    assertThat(overlap(answering(both(), 0, 1, 9))).isEqualTo(2 / 3.0);
  }

  /** Boosting puts the rows with the word first, though row 0 is nearer. */
  @Test
  void aHybridHitThatIsNearAndLacksTheWordIsNoTie() {
    fill(Metric.COSINE, List.of(), List.of(1, 2, 3));

    assertThat(overlap(answering(both(), 1, 2, 0))).isEqualTo(2 / 3.0);
  }

  /** Rows 1 to 3 are of the source, of which row 1 alone has the word. */
  @ParameterizedTest
  @EnumSource(Metric.class)
  void aHybridHitThatTheFilterRulesOutIsNoTie(Metric metric) {
    fill(metric, List.of(1, 2, 3, 4, 5), List.of(0, 1));
    ParityQuery filtered = ParityQuery.of("both", asked(), "word", OF_S1);

    assertThat(overlap(answering(filtered, 1, 2, 0))).isEqualTo(2 / 3.0);
  }

  /** Its vector is too far for the leg of six, and it has the word. */
  @Test
  void aHybridHitByTextAloneIsPlacedBehindThoseByVector() {
    fill(Metric.COSINE, List.of(), List.of(9));

    assertThat(overlap(answering(both(), 0, 1, 9))).isEqualTo(2 / 3.0);
  }

  /** Row 5 lacks the word; by its own ranking, the target would be right to have it. */
  @Test
  void aHybridAnswerIsNotRightByAWrongHitOfTheTargetsOwnRanking() {
    content = FieldType.TEXT;
    fill(Metric.COSINE, List.of(), List.of(0, 6, 7, 8, 9));
    assertThat(verified(verify(both())).overlap()).hasValue(1);
    Watched.Events wrong =
        new Watched.Events() {
          @Override
          public List<SearchHit> afterSearch(SearchRequest request, List<SearchHit> hits) {
            return request.fusion().isPresent() ? hits(0, 5, 1) : hits(5, 0, 6, 7, 8, 9);
          }
        };

    VerifyReport.Collection rows =
        verified(verify(route(source, new Watched(target, wrong)), both()));
    assertThat(overlap(rows)).isEqualTo(2 / 3.0);
    assertThat(rows.causes())
        .containsOnly(Map.entry(Parity.NO_MATCH, 1L), Map.entry(Parity.TARGET_SEARCH, 1L));
  }

  @Test
  void moreHitsThanAskedForAreWrongUnlessTheyAreAsGood() {
    fill(Metric.COSINE, List.of(), List.of());

    VerifyReport.Collection longer = answering(near(), 0, 1, 2, 3);
    assertThat(overlap(longer)).isEqualTo(0.75);
    assertThat(longer.causes()).containsOnly(Map.entry(Parity.WRONG, 1L));
    VerifyReport.Collection twice = answering(near(), 0, 1, 2, 2);
    assertThat(overlap(twice)).isEqualTo(0.75);
    assertThat(twice.causes()).containsOnly(Map.entry(Parity.WRONG, 1L));
  }

  /** Rows 2 and 10 are equal: either may stand in the third place, and not both of them. */
  @Test
  void ofMoreHitsThanAskedForATieIsNotWrong() {
    fill(Metric.COSINE, List.of(), List.of());
    for (VectorStore store : List.of(source, target)) {
      VectorRecord equal = store.collection("rows").fetch(RecordId.of(2)).orElseThrow();
      store
          .collection("rows")
          .upsert(VectorRecord.of(RecordId.of(10), equal.vector().orElseThrow(), equal.payload()));
    }

    VerifyReport.Collection tied = answering(near(), 0, 1, 10);
    assertThat(overlap(tied)).isEqualTo(1);
    assertThat(tied.causes()).containsOnly(Map.entry(Parity.TIE, 1L));
    VerifyReport.Collection longer = answering(near(), 0, 1, 10, 5);
    assertThat(overlap(longer)).isEqualTo(0.75);
    assertThat(longer.causes()).containsEntry(Parity.WRONG, 1L);
  }

  @Test
  void fewerHitsThanAskedForAreShort() {
    fill(Metric.COSINE, List.of(), List.of(0, 1, 2, 3));

    for (ParityQuery query : List.of(near(), both())) {
      VerifyReport.Collection rows = answering(query, 0, 1);
      assertThat(overlap(rows)).isEqualTo(2 / 3.0);
      assertThat(rows.causes()).containsOnly(Map.entry(Parity.TARGET_SEARCH, 1L));
    }
  }

  @Test
  void aFilterThatTheTargetCountsOtherwiseIsFound() {
    fill(Metric.COSINE, List.of(1, 2, 3), List.of());
    ParityQuery count = ParityQuery.of("count", null, null, OF_S1);
    VerifyReport.Collection right = verified(verify(count));
    assertThat(right.overlap()).hasValue(1);
    assertThat(right.causes()).isEmpty();

    for (long wrong : new long[] {2, 4, 0}) {
      Watched.Events miscounting =
          new Watched.Events() {
            @Override
            public long afterCount(Filter filter, long count) {
              return filter.equals(Filter.containsJson(OF_S1)) ? wrong : count;
            }
          };
      VerifyReport report =
          verify(route(source, new Watched(target, miscounting)), count).build().run();
      VerifyReport.Collection rows = report.collections().get(0);
      assertThat(overlap(rows)).isLessThan(1);
      assertThat(rows.causes()).containsOnlyKeys(Parity.COUNT);
      assertThat(report.passed()).isFalse();
    }
  }

  @Test
  void aPerfectTargetPassesABarOfOneAndAnyOtherFailsIt() {
    fill(Metric.COSINE, List.of(), List.of());
    assertThat(verify(near()).minOverlap(1).build().run().passed()).isTrue();
    Watched.Events shorter =
        new Watched.Events() {
          @Override
          public List<SearchHit> afterSearch(SearchRequest request, List<SearchHit> hits) {
            return hits.subList(0, 2);
          }
        };
    Verify.Builder verify = verify(route(source, new Watched(target, shorter)), near());

    assertThat(verify.minOverlap(0.9).build().run().passed()).isFalse();
    assertThat(verify.minOverlap(2 / 3.0).build().run().passed()).isTrue();
    assertThat(verify.minOverlap(0.6).build().run().passed()).isTrue();
  }

  @Test
  void aColumnThatNoRecordHoldsIsEnoughToFail() {
    fill(Metric.COSINE, List.of(), List.of());
    source.ensureCollection(CollectionSpec.builder("two").build());
    target.ensureCollection(CollectionSpec.builder("two").build());
    UnreadColumn unread = new UnreadColumn("embedding", "vector(2)");
    Route route = route(SampleStore.unreading(source, unread), target).collection("two");
    Mapping meant = Mapping.builder().drop("embedding").build();

    assertThat(Verify.of(route).sample(0).build().run().passed()).isFalse();
    assertThat(Verify.of(route.mapping("two", meant)).sample(0).build().run().passed()).isTrue();
  }

  @Test
  void aTextThatChangedAndKeptItsLengthIsAMismatch() {
    fill(Metric.COSINE, List.of(), List.of(1));
    VectorRecord row = target.collection("rows").fetch(RecordId.of(1)).orElseThrow();
    Payload other = row.payload().toBuilder().put("content", "a wort").build();
    target.collection("rows").upsert(row.withPayload(other));

    VerifyReport.Collection rows = verified(verify(near()));
    assertThat(rows.payloadMismatches()).isEqualTo(1);
    assertThat(rows.vectorMismatches()).isZero();
  }
}
