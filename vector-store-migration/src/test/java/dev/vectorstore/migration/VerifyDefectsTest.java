package dev.vectorstore.migration;

import static dev.vectorstore.migration.SampleStore.route;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Embedding;
import dev.vectorstore.FieldType;
import dev.vectorstore.Filter;
import dev.vectorstore.Metric;
import dev.vectorstore.Page;
import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.RecordIssue;
import dev.vectorstore.SearchHit;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException.MalformedResponse;
import dev.vectorstore.VectorStoreException.NotFound;
import dev.vectorstore.VectorStoreException.Unavailable;
import dev.vectorstore.VectorStoreException.UnsupportedFeature;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a verification got wrong once. */
class VerifyDefectsTest {
  private static final int ROWS = 60;
  private static final Payload OF_S2 = Payload.builder().put("source_id", "s2").build();

  @TempDir private Path state;
  private final VectorStore source = SampleStore.withPages(ROWS);
  private final VectorStore target = SampleStore.empty();

  @AfterEach
  void close() {
    source.close();
    target.close();
  }

  private void copy(VectorStore from) {
    Copy.of(route(from, target)).stateDirectory(state).build().run();
  }

  private Verify.Builder verify() {
    return verify(route(source, target));
  }

  private Verify.Builder verify(Route route) {
    return Verify.of(route).sample(ROWS);
  }

  private static VerifyReport.Collection pages(VerifyReport report) {
    return report.collections().get(0);
  }

  /** A table with a row that no record can hold: a scan tells of it, a fetch of it fails. */
  private static final class OneUnreadable implements Watched.Events {
    private static final RecordId ROW = RecordId.of(3);

    @Override
    public Page afterScan(Page page) {
      List<VectorRecord> records = new ArrayList<>(page.records());
      boolean whole = records.removeIf(r -> r.id().equals(ROW) && !r.payload().isEmpty());
      return whole
          ? new Page(
              records, page.next(), List.of(RecordIssue.unreadable("3", ROW, "it nests too deep")))
          : page;
    }

    @Override
    public void beforeFetch(Collection<RecordId> ids) {
      if (ids.contains(ROW)) {
        throw new MalformedResponse("a row can't be read");
      }
    }
  }

  @Test
  void aSampledRowThatCannotBeReadDoesNotEndTheVerification() {
    VectorStore odd = new Watched(source, new OneUnreadable());
    copy(odd);
    VerifyReport report = verify(route(odd, target)).build().run();
    assertThat(pages(report).unmovable()).isEqualTo(1);
    assertThat(pages(report).missing()).isZero();
    assertThat(pages(report).overlap()).hasValue(1);
    assertThat(report.passed()).isFalse();
  }

  @Test
  void aSampledRowThatTheMappingRejectsDoesNotEndTheVerification() {
    VectorRecord row = source.collection(SampleStore.PAGES).fetch(RecordId.of(4)).orElseThrow();
    Payload colliding = row.payload().toBuilder().put("metadata", Map.of("url", "another")).build();
    source.collection(SampleStore.PAGES).upsert(row.withPayload(colliding));
    Copy.of(route(source, target).flatMetadata(true)).stateDirectory(state).build().run();
    VerifyReport report = verify(route(source, target).flatMetadata(true)).build().run();
    assertThat(pages(report).unmovable()).isEqualTo(1);
    assertThat(pages(report).payloadMismatches()).isZero();
    assertThat(report.toJson()).contains("\"4 can't be moved: ");
  }

  @Test
  void aTargetThatIgnoresAFilterIsBelowTheBarAlthoughItHasEveryMatch() {
    copy(source);
    List<VectorRecord> few = SampleStore.pages(ROWS).subList(0, 6);
    source.drop(SampleStore.PAGES);
    SampleStore.makePages(source).upsert(few);
    target.drop(SampleStore.PAGES);
    copy(source);
    Watched.Events unfiltered =
        new Watched.Events() {
          @Override
          public List<SearchHit> afterSearch(SearchRequest request, List<SearchHit> hits) {
            return target
                .collection(SampleStore.PAGES)
                .search(
                    SearchRequest.nearest(request.vector().orElseThrow()).limit(request.limit()));
          }
        };
    Embedding asked = few.get(2).vector().orElseThrow();
    VerifyReport report =
        verify(route(source, new Watched(target, unfiltered)))
            .sample(0)
            .queries(List.of(ParityQuery.of("filtered", asked, null, OF_S2)))
            .build()
            .run();
    assertThat(pages(report).overlap().orElseThrow()).isLessThan(0.5);
    assertThat(pages(report).causes()).containsOnlyKeys(Parity.WRONG);
    assertThat(report.passed()).isFalse();
  }

  /** The three nearest lack the word, and the three behind them have it. */
  @Test
  void aHybridAnswerWithoutItsKeywordLegIsNoTie() {
    double[] nearness = {0.99, 0.98, 0.97, 0.80, 0.79, 0.78, 0.1, 0};
    List<VectorRecord> records = new ArrayList<>();
    for (int i = 0; i < nearness.length; i++) {
      String content = i / 3 == 1 ? "word" : "other";
      records.add(
          VectorRecord.of(
              RecordId.of(i), at(nearness[i]), Payload.builder().put("content", content).build()));
    }
    source.drop(SampleStore.PAGES);
    SampleStore.makePages(source).upsert(records);
    copy(source);
    Watched.Events deaf =
        new Watched.Events() {
          @Override
          public List<SearchHit> afterSearch(SearchRequest request, List<SearchHit> hits) {
            return target
                .collection(SampleStore.PAGES)
                .search(
                    SearchRequest.nearest(request.vector().orElseThrow()).limit(request.limit()));
          }
        };
    List<ParityQuery> both = List.of(ParityQuery.of("both", at(1), "word", null));
    VerifyReport right = verify().sample(0).k(3).queries(both).build().run();
    assertThat(pages(right).overlap()).hasValue(1);
    Route toDeaf = route(source, new Watched(target, deaf));
    VerifyReport report = verify(toDeaf).sample(0).k(3).queries(both).build().run();
    assertThat(pages(report).overlap()).hasValue(0);
    assertThat(pages(report).causes()).containsOnlyKeys(Parity.TARGET_SEARCH);
  }

  /** A vector of this cosine to the first axis. */
  private static Embedding at(double cosine) {
    float[] components = new float[SampleStore.DIMENSION];
    components[0] = (float) cosine;
    components[1] = (float) Math.sqrt(1 - cosine * cosine);
    return Embedding.of(components);
  }

  /** Texts order ids in one store, hashes of them in another; both orders are right. */
  @Test
  void aKeywordLegInTheOrderOfTheTargetIsNoDifference() {
    CollectionSpec spec =
        CollectionSpec.builder("texts")
            .vectors(SampleStore.DIMENSION, Metric.COSINE)
            .field("content", FieldType.TERMS)
            .build();
    Random random = new Random(3);
    List<VectorRecord> records = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      records.add(
          VectorRecord.of(
              RecordId.of("k" + i),
              SampleStore.vector(random),
              Payload.builder().put("content", "common words everywhere").build()));
    }
    source.ensureCollection(spec).upsert(records);
    target.ensureCollection(spec).upsert(records);
    Watched.Events reversed = new FromTheEnd(records);
    VerifyReport report =
        verify(route(new Watched(source, reversed), target).collection("texts"))
            .sample(40)
            .build()
            .run();
    assertThat(pages(report).overlap()).as(report.toJson()).hasValue(1);
  }

  /** Scans all records as one page, in another order. */
  private static final class FromTheEnd implements Watched.Events {
    private final List<VectorRecord> records;

    FromTheEnd(List<VectorRecord> records) {
      this.records = new ArrayList<>(records);
      java.util.Collections.shuffle(this.records, new Random(5));
    }

    @Override
    public Page afterScan(Page page) {
      return new Page(records, java.util.Optional.empty());
    }
  }

  @Test
  void aSourceWhoseOwnSearchFailsIsACauseAndNotTheEnd() {
    copy(source);
    AtomicInteger asked = new AtomicInteger();
    Watched.Events slow =
        new Watched.Events() {
          @Override
          public List<SearchHit> afterSearch(SearchRequest request, List<SearchHit> hits) {
            asked.incrementAndGet();
            throw new Unavailable("the database's statement_timeout ended the query");
          }
        };
    VerifyReport report = verify(route(new Watched(source, slow), target)).build().run();
    assertThat(report.passed()).as(report.toJson()).isTrue();
    assertThat(pages(report).sourceOverlap()).hasValue(0);
    assertThat(pages(report).sourceCauses()).containsOnlyKeys(Parity.SOURCE_FAILED);
    assertThat(asked).as("a search that always fails isn't asked 200 times").hasValue(3);
  }

  @Test
  void aGivenQueryThatNoCollectionCouldBeAskedIsNotPassed() {
    copy(source);
    ParityQuery ofAnotherModel = ParityQuery.of("line 1", Embedding.of(1, 0), null, null);
    VerifyReport report = verify().queries(List.of(ofAnotherModel)).build().run();
    assertThat(report.passed()).isFalse();
    assertThat(report.queriesNotAsked()).containsExactly("line 1");
    assertThat(report.toJson()).contains("\"queries_asked_nowhere\":[\"line 1\"]");
    assertThat(report.toHtml()).contains("line 1");
  }

  /** Most embedding calls failed; parity is shown by the few rows that have a vector. */
  @Test
  void aSampleFindsTheFewRowsThatHaveAVector() {
    List<VectorRecord> rows = new ArrayList<>();
    List<VectorRecord> pages = SampleStore.pages(2000);
    for (int i = 0; i < pages.size(); i++) {
      rows.add(i % 20 == 7 ? pages.get(i) : pages.get(i).withoutVectors());
    }
    source.drop(SampleStore.PAGES);
    SampleStore.makePages(source).upsert(rows);
    copy(source);
    VerifyReport report = verify().sample(50).build().run();
    assertThat(report.passed()).isTrue();
    assertThat(report.toJson()).contains("\"queries\":50,");
  }

  @Test
  void aCollectionWhoseSearchWasNeverAskedIsNotPassed() {
    copy(source);
    VectorStore mute =
        new Watched(
            target,
            new Watched.Events() {
              @Override
              public List<SearchHit> afterSearch(SearchRequest request, List<SearchHit> hits) {
                throw new UnsupportedFeature("this engine can't search just now");
              }
            });
    assertThat(verify(route(source, mute)).build().run().passed()).isFalse();
    assertThat(verify(route(source, mute)).sample(0).build().run().passed()).isTrue();
  }

  @Test
  void aSourceThatHasNoTimeToCountIsVerifiedAllTheSame() {
    copy(source);
    Watched.Events slow =
        new Watched.Events() {
          @Override
          public void beforeCount() {
            throw new Unavailable("the database's statement_timeout ended the query");
          }
        };
    VerifyReport report = verify(route(new Watched(source, slow), target)).build().run();
    assertThat(report.passed()).as(report.toJson()).isTrue();
    assertThat(pages(report).countFrom()).isEqualTo(ROWS);
  }

  /** All records are equal, and the target's filter finds too few of them. */
  @Test
  void countsBySourceThatDifferAreNotPassed() {
    copy(source);
    Watched.Events miscounting =
        new Watched.Events() {
          @Override
          public long afterCount(Filter filter, long count) {
            return filter.isAll() ? count : count - 1;
          }
        };
    VerifyReport report = verify(route(source, new Watched(target, miscounting))).build().run();
    assertThat(pages(report).payloadMismatches()).isZero();
    assertThat(report.passed()).isFalse();
    assertThat(pages(report).toString()).contains("counts by source_id differ");
  }

  /** A float32 engine can't tell two dot products of 10^9 that differ by 1. */
  @Test
  void largeDotProductsAreTiesBySharesAndNotByMillionths() {
    CollectionSpec spec = CollectionSpec.builder("dots").vectors(2, Metric.DOT).build();
    List<VectorRecord> records =
        List.of(
            VectorRecord.of(RecordId.of(1), Embedding.of(1e9f, 1), Payload.empty()),
            VectorRecord.of(RecordId.of(2), Embedding.of(1e9f, 0), Payload.empty()));
    source.ensureCollection(spec).upsert(records);
    target.ensureCollection(spec).upsert(records);
    Watched.Events other =
        new Watched.Events() {
          @Override
          public List<SearchHit> afterSearch(SearchRequest request, List<SearchHit> hits) {
            return target.collection("dots").search(request.limit(2)).subList(1, 2);
          }
        };
    VerifyReport report =
        verify(route(source, new Watched(target, other)).collection("dots"))
            .k(1)
            .sample(0)
            .queries(List.of(ParityQuery.of("q", Embedding.of(1, 1), null, null)))
            .build()
            .run();
    assertThat(pages(report).overlap()).hasValue(1);
  }

  @Test
  void aCollectionThatTheTargetLacksIsToldBeforeAnythingIsRead() {
    copy(source);
    source.ensureCollection(CollectionSpec.builder("sources").build());
    AtomicInteger scans = new AtomicInteger();
    Watched.Events counting =
        new Watched.Events() {
          @Override
          public void beforeScan() {
            scans.incrementAndGet();
          }
        };
    Verify verify = verify(route(new Watched(source, counting), target)).build();
    assertThatThrownBy(verify::run).isInstanceOf(NotFound.class).hasMessageContaining("sources");
    assertThat(scans).hasValue(0);
  }

  @Test
  void rowsThatAreCountedAndNotScannedAreTold() {
    copy(source);
    Watched.Events hiding =
        new Watched.Events() {
          @Override
          public Page afterScan(Page page) {
            List<VectorRecord> shown = new ArrayList<>(page.records());
            shown.removeIf(record -> record.id().equals(RecordId.of(8)));
            return new Page(shown, page.next());
          }
        };
    VerifyReport report = verify(route(new Watched(source, hiding), target)).build().run();
    assertThat(report.passed()).isFalse();
    assertThat(report.toJson()).contains("the source counts 60 rows, and its scan gave 59");
    assertThat(pages(report).uncompared()).isEqualTo(1);
  }
}
