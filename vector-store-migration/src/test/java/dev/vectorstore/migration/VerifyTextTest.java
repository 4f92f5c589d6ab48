package dev.vectorstore.migration;

import static dev.vectorstore.migration.SampleStore.route;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Embedding;
import dev.vectorstore.FieldType;
import dev.vectorstore.Metric;
import dev.vectorstore.Page;
import dev.vectorstore.Payload;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.SearchHit;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How answers to texts are judged, where source and target rank them or don't. */
class VerifyTextTest {
  private static final int ROWS = 120;
  private static final int K = 10;
  private static final RecordId ONE_OF_FOXES = RecordId.of(60);

  private final VectorStore source = SampleStore.empty();
  private final VectorStore target = SampleStore.empty();

  @AfterEach
  void close() {
    source.close();
    target.close();
  }

  /** "common" is in two thirds of the texts, "fox" in six, and "fox" is every odd title. */
  private static VectorRecord row(int i, Random random) {
    String content =
        (i % 3 == 0 ? "other" : "common common".substring(i % 3 == 1 ? 7 : 0))
            + (i % 20 == 0 ? " red fox" : "")
            + " words of text number"
            + i;
    Payload payload =
        Payload.builder()
            .put("content", content)
            .put("title", i % 2 == 0 ? "a title" : "fox")
            .put("source_id", "s" + i % 2)
            .build();
    return VectorRecord.of(RecordId.of(i), SampleStore.vector(random), payload);
  }

  private static VectorCollection fill(VectorStore store, FieldType content, Metric metric) {
    VectorCollection texts =
        store.ensureCollection(
            CollectionSpec.builder("texts")
                .vectors(SampleStore.DIMENSION, metric)
                .field("content", content)
                .field("title", FieldType.TERMS)
                .build());
    Random random = new Random(11);
    List<VectorRecord> rows = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      rows.add(row(i, random));
    }
    texts.upsert(rows);
    return texts;
  }

  private void fill(FieldType ofSource, FieldType ofTarget) {
    fill(source, ofSource, Metric.COSINE);
    fill(target, ofTarget, Metric.COSINE);
  }

  private static ParityQuery text(String text) {
    return ParityQuery.of("text", null, text, null);
  }

  private static ParityQuery both(String text) {
    return ParityQuery.of("both", SampleStore.vector(new Random(5)), text, null);
  }

  private Verify.Builder verify(ParityQuery... queries) {
    return verify(route(source, target), queries);
  }

  private static Verify.Builder verify(Route route, ParityQuery... queries) {
    return Verify.of(route).k(K).sample(0).queries(List.of(queries));
  }

  /** Verifies a target that answers searches by text, and both, by another text ranking. */
  private VerifyReport.Collection defective(
      UnaryOperator<List<SearchHit>> defect, ParityQuery... queries) {
    VectorCollection texts = target.collection("texts");
    Watched.Events events =
        new Watched.Events() {
          @Override
          public List<SearchHit> afterSearch(SearchRequest request, List<SearchHit> hits) {
            return request.fusion().isEmpty()
                ? defect.apply(hits)
                : request
                    .fusion()
                    .get()
                    .fuse(
                        texts.search(
                            SearchRequest.nearest(request.vector().orElseThrow()).limit(2 * K)),
                        defect.apply(
                            texts.search(
                                SearchRequest.text(request.text().orElseThrow()).limit(2 * K))),
                        K);
          }
        };
    return verified(verify(route(source, new Watched(target, events)), queries));
  }

  private static VerifyReport.Collection verified(Verify.Builder verify) {
    return verify.build().run().collections().get(0);
  }

  private static List<SearchHit> without(RecordId id, List<SearchHit> hits) {
    return hits.stream().filter(hit -> !hit.id().equals(id)).toList();
  }

  private static SearchHit hit(RecordId id, SearchHit like) {
    return SearchHit.of(VectorRecord.of(id, Payload.empty()), like.score(), like.scoreKind());
  }

  /** Whatever the two sides rank, equal records pass, by their own rules each. */
  @Test
  void equalRecordsPassWhateverTheTwoSidesRank() {
    for (FieldType from : List.of(FieldType.TERMS, FieldType.TEXT)) {
      for (FieldType to : List.of(FieldType.TERMS, FieldType.TEXT)) {
        source.drop("texts");
        target.drop("texts");
        fill(from, to);
        ParityQuery[] queries = {
          text("common fox"),
          text("fox"),
          text("red fox words"),
          text("???"),
          text("nowhere"),
          both("common fox"),
          both("fox red"),
          both("???"),
          ParityQuery.of("f", null, "common fox", Payload.of(Map.of("source_id", "s1")))
        };
        VerifyReport report = verify(queries).sample(ROWS).build().run();
        VerifyReport.Collection texts = report.collections().get(0);
        assertThat(texts.overlap()).as(from + " to " + to + ": " + report.toJson()).hasValue(1);
        assertThat(texts.sourceOverlap()).as(report.toJson()).hasValue(1);
        assertThat(texts.causes()).isEmpty();
        assertThat(report.toJson()).contains("\"queries\":129,\"queries_not_asked\":0");
        assertThat(report.toJson()).contains("\"target_ranks_text\":" + (to == FieldType.TEXT));
        assertThat(report.toHtml().contains("order of a text's answer isn't judged"))
            .isEqualTo(to == FieldType.TEXT);
      }
    }
  }

  @Test
  void theOrderOfARankedTextIsNotJudged() {
    fill(FieldType.TERMS, FieldType.TEXT);
    UnaryOperator<List<SearchHit>> reversed =
        hits -> {
          List<SearchHit> others = new ArrayList<>(hits);
          Collections.reverse(others);
          return others;
        };
    VerifyReport.Collection texts = defective(reversed, text("common fox"), both("common fox"));
    assertThat(texts.overlap()).hasValue(1);
    assertThat(texts.causes()).isEmpty();
  }

  @Test
  void aTextHitThatIsDroppedIsFound() {
    fill(FieldType.TERMS, FieldType.TEXT);
    VerifyReport.Collection byText = defective(hits -> without(ONE_OF_FOXES, hits), text("fox"));
    assertThat(byText.overlap().orElseThrow()).isEqualTo(5 / 6.0);
    assertThat(byText.causes()).containsOnly(Map.entry(Parity.TARGET_TEXT, 1L));

    VerifyReport.Collection hybrid = defective(hits -> without(ONE_OF_FOXES, hits), both("fox"));
    assertThat(hybrid.overlap().orElseThrow()).as("the leg lacks one of six").isEqualTo(5 / 6.0);
    assertThat(hybrid.causes()).containsOnly(Map.entry(Parity.TARGET_TEXT, 1L));
  }

  @Test
  void aTextAnswerThatIsShortIsFoundAlthoughMoreMatch() {
    fill(FieldType.TERMS, FieldType.TEXT);
    VerifyReport.Collection texts = defective(hits -> hits.subList(0, K - 1), text("common"));
    assertThat(texts.overlap().orElseThrow()).isEqualTo(0.9);
    assertThat(texts.causes()).containsOnly(Map.entry(Parity.TARGET_TEXT, 1L));
  }

  @Test
  void aTextHitWithoutAnyTermIsFound() {
    fill(FieldType.TERMS, FieldType.TEXT);
    UnaryOperator<List<SearchHit>> last =
        hits -> {
          List<SearchHit> others = new ArrayList<>(hits);
          SearchHit worst = others.remove(others.size() - 1);
          others.add(hit(RecordId.of(3), worst)); // its title has "fox", but isn't ranked
          return others;
        };
    VerifyReport.Collection full = defective(last, text("common"));
    assertThat(full.overlap().orElseThrow()).isEqualTo(0.9);
    assertThat(full.causes()).containsOnly(Map.entry(Parity.NO_MATCH, 1L));

    VerifyReport.Collection more =
        defective(
            hits -> {
              List<SearchHit> others = new ArrayList<>(hits);
              others.add(hit(RecordId.of(3), hits.get(0)));
              return others;
            },
            text("fox"),
            both("fox"));
    assertThat(more.overlap().orElseThrow()).isCloseTo(6 / 7.0, within(1e-9));
    assertThat(more.causes()).containsKey(Parity.NO_MATCH);
  }

  @Test
  void aTextHitAgainstTheFilterIsFound() {
    fill(FieldType.TERMS, FieldType.TEXT);
    Payload s1 = Payload.builder().put("source_id", "s1").build();
    Watched.Events unfiltered =
        new Watched.Events() {
          @Override
          public List<SearchHit> afterSearch(SearchRequest request, List<SearchHit> hits) {
            return target
                .collection("texts")
                .search(SearchRequest.text(request.text().orElseThrow()).limit(K));
          }
        };
    VerifyReport.Collection texts =
        verified(
            verify(
                route(source, new Watched(target, unfiltered)),
                ParityQuery.of("f", null, "common", s1)));
    assertThat(texts.overlap().orElseThrow()).isBetween(0.1, 0.9);
    assertThat(texts.causes()).containsOnlyKeys(Parity.NO_MATCH);
  }

  @Test
  void aTextHitOfTheTargetAloneOrOfAnotherTextIsNamed() {
    fill(FieldType.TERMS, FieldType.TEXT);
    VectorCollection texts = target.collection("texts");
    Payload fox = Payload.builder().put("content", "fox").build();
    texts.upsert(VectorRecord.of(RecordId.of(5000), fox));
    VectorRecord changed = texts.fetch(List.of(RecordId.of(1)), Projection.all()).get(0);
    texts.upsert(changed.withPayload(fox));
    assertThat(verified(verify(text("fox"))).causes())
        .containsOnlyKeys(Parity.EXTRA, Parity.DIFFERS);
  }

  /** Of a hybrid answer, nearest alone and text alone are no fusion. */
  @Test
  void aTargetThatFusesWronglyIsFound() {
    for (Metric metric : List.of(Metric.COSINE, Metric.EUCLIDEAN)) {
      source.drop("texts");
      target.drop("texts");
      fill(source, FieldType.TERMS, metric);
      VectorCollection texts = fill(target, FieldType.TEXT, metric);
      assertThat(verified(verify(both("common fox"))).overlap()).hasValue(1);
      UnaryOperator<SearchRequest> near =
          request -> SearchRequest.nearest(request.vector().orElseThrow()).limit(K);
      UnaryOperator<SearchRequest> byText =
          request -> SearchRequest.text(request.text().orElseThrow()).limit(K);
      for (UnaryOperator<SearchRequest> leg : List.of(near, byText)) {
        Watched.Events oneLeg =
            new Watched.Events() {
              @Override
              public List<SearchHit> afterSearch(SearchRequest request, List<SearchHit> hits) {
                return request.fusion().isEmpty()
                    ? hits
                    : texts.search(leg.apply(request)).stream()
                        .map(hit -> SearchHit.of(hit.record(), 1, hit.scoreKind()))
                        .toList();
              }
            };
        VerifyReport.Collection wrong =
            verified(verify(route(source, new Watched(target, oneLeg)), both("common fox")));
        assertThat(wrong.overlap().orElseThrow()).as(metric + ", one leg").isLessThan(0.95);
        assertThat(wrong.causes()).containsOnlyKeys(Parity.TARGET_SEARCH);
      }
    }
  }

  /** A target of terms alone is asked by a scan, since it refuses searches by text. */
  @Test
  void aScanByTermsThatLosesOrAddsARecordIsFound() {
    fill(FieldType.TEXT, FieldType.TERMS);
    for (boolean lost : new boolean[] {true, false}) {
      Watched.Events events =
          new Watched.Events() {
            @Override
            public Page afterScan(Page page) {
              List<VectorRecord> records = new ArrayList<>(page.records());
              if (lost) {
                records.removeIf(record -> record.id().equals(ONE_OF_FOXES));
              } else {
                records.add(0, VectorRecord.of(RecordId.of(2), Payload.empty()));
              }
              return new Page(records, page.next());
            }
          };
      VerifyReport.Collection texts =
          verified(verify(route(source, new Watched(target, events)), text("red fox")));
      assertThat(texts.overlap().orElseThrow()).isEqualTo(lost ? 5 / 6.0 : 6 / 7.0);
      assertThat(texts.causes()).containsOnlyKeys(lost ? Parity.TARGET_TEXT : Parity.NO_MATCH);
      assertThat(texts.sourceOverlap()).as("the source ranks, and does it right").hasValue(1);
    }
  }

  @Test
  void aRankedSourceIsJudgedByItsOwnRule() {
    fill(FieldType.TEXT, FieldType.TERMS);
    Watched.Events losing =
        new Watched.Events() {
          @Override
          public List<SearchHit> afterSearch(SearchRequest request, List<SearchHit> hits) {
            return request.vector().isEmpty() ? without(ONE_OF_FOXES, hits) : hits;
          }
        };
    VerifyReport.Collection texts =
        verified(verify(route(new Watched(source, losing), target), text("fox")));
    assertThat(texts.overlap()).hasValue(1);
    assertThat(texts.sourceOverlap().orElseThrow()).isEqualTo(5 / 6.0);
    assertThat(texts.sourceCauses()).containsOnlyKeys(Parity.SOURCE_TEXT);
  }

  /** Rows as the target shall hold them don't show what such a source finds. */
  @Test
  void aSourceThatLooksAtATextWhichTheMappingDropsIsNotAskedByText() {
    fill(FieldType.TERMS, FieldType.TERMS);
    target
        .collection("texts")
        .patchPayload(
            IntStream.range(0, ROWS).mapToObj(RecordId::of).toList(),
            Payload.empty(),
            List.of("title"));
    VerifyReport.Collection texts =
        verified(
            verify(
                route(source, target).mapping("texts", Mapping.builder().drop("title").build()),
                text("fox"),
                both("fox")));
    assertThat(texts.overlap()).hasValue(1);
    assertThat(texts.sourceOverlap()).isEmpty();
  }

  /** A near tie at the limit of the vector's leg stands for the one that was left off. */
  @Test
  void aTieInTheVectorLegOfARankedHybridAnswerIsNoDifference() {
    fill(FieldType.TERMS, FieldType.TEXT);
    Embedding asked = SampleStore.vector(new Random(5));
    for (VectorStore store : List.of(source, target)) {
      List<VectorRecord> equals = new ArrayList<>();
      for (int i = 0; i < 3 * K; i++) {
        equals.add(VectorRecord.of(RecordId.of(9000 + i), asked, Payload.empty()));
      }
      store.collection("texts").upsert(equals);
    }
    Watched.Events shifted =
        new Watched.Events() {
          @Override
          public List<SearchHit> afterSearch(SearchRequest request, List<SearchHit> hits) {
            if (request.fusion().isEmpty()) {
              return hits;
            }
            VectorCollection texts = target.collection("texts");
            List<SearchHit> near = texts.search(SearchRequest.nearest(asked).limit(3 * K));
            return request
                .fusion()
                .get()
                .fuse(
                    near.subList(K, 3 * K),
                    texts.search(SearchRequest.text("fox").limit(2 * K)),
                    K);
          }
        };
    VerifyReport.Collection texts =
        verified(verify(route(source, new Watched(target, shifted)), both("fox")));
    assertThat(texts.overlap()).hasValue(1);
    assertThat(texts.causes()).containsOnlyKeys(Parity.TIE);
  }
}
