package dev.vectorstore.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vectorstore.CallListener;
import dev.vectorstore.CallOptions;
import dev.vectorstore.Capability;
import dev.vectorstore.Filter;
import dev.vectorstore.Payload;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.RetryPolicy;
import dev.vectorstore.ScanRequest;
import dev.vectorstore.SearchHit;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.VectorStoreException.OutcomeUnknown;
import dev.vectorstore.VectorStoreException.UnsupportedFeature;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is read, counted and deleted of what an engine makes of a filter. */
class SelectionTest {
  private static final Filter SMALL = Filter.field("n").lt(3);

  private final ListEngine engine = new ListEngine();
  private final VectorStore store =
      EngineStore.open(
          engine, CallOptions.builder().retry(RetryPolicy.none()).build(), CallListener.NONE);
  private final VectorCollection pages = store.collection("pages");

  @BeforeEach
  void load() {
    pages.upsert(
        LongStream.range(0, 10)
            .mapToObj(
                i ->
                    VectorRecord.of(
                        RecordId.of(i), new float[] {i, 1}, Payload.of(Map.of("n", i, "t", "x"))))
            .toList());
    engine.requests.clear();
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void aDeleteWhoseFilterCompilesToEveryRecordIsRefused() {
    engine.compiled = Bounds.all();

    assertThatThrownBy(() -> pages.deleteWhere(SMALL))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("compiles to every record")
        .hasMessageContaining("deleteAll()");
    assertThat(engine.records).hasSize(10);
  }

  /** As where an index has changed: the condition was exact, and selects everything. */
  private void letTheFilterSelectMoreThanItSays() {
    engine.provesFilters = false;
    engine.compiled = Bounds.exactly(record -> true);
  }

  @Test
  void whatAnEngineDoesNotProveIsTestedAndNoMoreIsReadForItThanItNeeds() {
    letTheFilterSelectMoreThanItSays();
    Projection ids = Projection.ids();
    SearchRequest nearest = SearchRequest.nearest(1, 0).filter(SMALL).projection(ids);
    List<SearchHit> hits = pages.search(nearest.limit(10));

    assertThat(hits).extracting(SearchHit::id).containsExactly(id(2), id(1), id(0));
    assertThat(hits).allMatch(hit -> hit.record().payload().isEmpty());
    assertThat(pages.search(nearest.limit(2))).isEqualTo(hits.subList(0, 2));
    assertThat(pages.searchBatch(List.of(nearest.limit(2), SearchRequest.nearest(1, 0).limit(1))))
        .satisfies(answers -> assertThat(answers.get(0)).isEqualTo(hits.subList(0, 2)))
        .satisfies(answers -> assertThat(answers.get(1)).hasSize(1));
    assertThat(pages.scan(ScanRequest.all().filter(SMALL).projection(ids)).records())
        .hasSize(3)
        .allMatch(record -> record.payload().isEmpty());
    assertThat(pages.scan(ScanRequest.all().filter(SMALL).projection(Projection.fields("t"))))
        .satisfies(page -> assertThat(page.records()).hasSize(3))
        .satisfies(
            page ->
                assertThat(page.records())
                    .allMatch(record -> record.payload().keys().equals(Set.of("t"))));
  }

  @Test
  void aDeleteTakesNoRecordThatDoesNotMatchWhateverItsFilterSelects() {
    letTheFilterSelectMoreThanItSays();

    pages.deleteWhere(SMALL);

    assertThat(engine.records.keySet())
        .containsExactlyElementsOf(LongStream.range(3, 10).mapToObj(RecordId::of).toList());
    assertThat(engine.requests).startsWith("renewed").endsWith("renewed");
  }

  @Test
  void aDeleteIsDoneAgainWhereTheCollectionChangedInItsMiddle() {
    ListEngine changed = new ListEngine();
    changed.records.putAll(engine.records);
    changed.provesFilters = false;
    engine.provesFilters = false;
    engine.compiled = Bounds.exactly(record -> false);
    engine.beforeScan = () -> engine.renewed = () -> changed;

    pages.deleteWhere(SMALL);

    assertThat(changed.records).hasSize(7);
    assertThat(pages.count()).as("the collection from now on").isEqualTo(7);
  }

  @Test
  void aCollectionThatNeverRestsFailsADeleteInTheEnd() {
    engine.provesFilters = false;
    engine.renewed = () -> another(engine);

    assertThatThrownBy(() -> pages.deleteWhere(SMALL))
        .isInstanceOf(OutcomeUnknown.class)
        .hasMessageContaining("changed again and again")
        .hasMessageContaining("delete once more");
  }

  private static ListEngine another(ListEngine before) {
    ListEngine next = new ListEngine();
    next.records.putAll(before.records);
    next.provesFilters = false;
    next.renewed = () -> another(next);
    return next;
  }

  @Test
  void aCountRestsOnADescriptionThatWasReadAfterIt() {
    letTheFilterSelectMoreThanItSays();

    assertThat(pages.count(SMALL)).as("the server's").isEqualTo(10);
    engine.renewed = ListEngine::new;
    assertThat(pages.count(SMALL)).as("of the records themselves").isEqualTo(3);
  }

  @Test
  void aReadIsDoneAgainWhereALookSaysThatTheCollectionChanged() {
    ListEngine changed = new ListEngine();
    engine.looked = () -> changed;

    assertThat(pages.count()).isZero();
    assertThat(engine.requests)
        .as("it was asked before the look was over")
        .containsExactly("count");
  }

  @Test
  void whatFailsByWhatWasKnownIsDoneByWhatIs() {
    engine.lackingInCollection = EnumSet.of(Capability.TERMS);
    assertThatThrownBy(() -> pages.count(Filter.field("content").matchesText("x")))
        .isInstanceOf(UnsupportedFeature.class);
    ListEngine changed = new ListEngine();
    engine.looked = () -> changed;

    assertThat(pages.count(Filter.field("content").matchesText("x"))).isZero();
  }

  @Test
  void aWriteWaitsForTheLook() {
    ListEngine changed = new ListEngine();
    engine.looked = () -> changed;

    pages.delete(List.of(id(1)));

    assertThat(engine.requests).isEmpty();
    assertThat(changed.requests).containsExactly("delete 1");
  }

  private static RecordId id(long number) {
    return RecordId.of(number);
  }

  @ParameterizedTest
  @EnumSource(names = {"TERMS", "PHRASE"})
  void aFilterIsRefusedWhereTheCollectionCannotAnswerIt(Capability lacking) {
    engine.capabilities.remove(lacking);
    Filter needy =
        lacking == Capability.TERMS
            ? Filter.field("content").matchesText("a")
            : Filter.field("content").matchesPhrase("a b");
    Filter nested = Filter.or(SMALL, Filter.not(Filter.and(SMALL, needy)));

    for (Filter filter : List.of(needy, nested)) {
      assertThatThrownBy(() -> pages.count(filter))
          .isInstanceOf(UnsupportedFeature.class)
          .hasMessageContaining("no capability " + lacking);
      assertThatThrownBy(() -> pages.deleteWhere(filter)).isInstanceOf(UnsupportedFeature.class);
      assertThatThrownBy(() -> pages.scan(ScanRequest.all().filter(filter)))
          .isInstanceOf(UnsupportedFeature.class);
      assertThatThrownBy(() -> pages.search(SearchRequest.nearest(1, 0).filter(filter)))
          .isInstanceOf(UnsupportedFeature.class);
    }
    assertThat(engine.requests).isEmpty();
    assertThat(pages.count(SMALL)).isEqualTo(3);
  }

  @Test
  void aFilterOfTextsOfAFieldThatIsNotDeclaredIsRefusedBeforeItIsSent() {
    Filter undeclared = Filter.field("n").matchesText("a");

    assertThatThrownBy(() -> pages.count(undeclared))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("\"n\"");
    assertThatThrownBy(() -> pages.deleteWhere(undeclared)).isInstanceOf(InvalidRequest.class);
    assertThat(engine.requests).isEmpty();
  }

  @Test
  void aPageThatIsTestedHasWhatWasAskedFor() {
    ScanRequest request =
        ScanRequest.all().filter(SMALL).pageSize(5).projection(Projection.fields("t"));

    List<VectorRecord> first = pages.scan(request).records();

    assertThat(engine.requests).containsExactly("scan 5");
    assertThat(first).hasSize(3);
    assertThat(first).allMatch(record -> record.payload().equals(Payload.of(Map.of("t", "x"))));
    assertThat(first).allMatch(record -> record.vector().isEmpty());
    assertThat(pages.scan(request.projection(Projection.all())).records())
        .allMatch(record -> record.vector().isPresent() && record.payload().keys().contains("n"));
  }

  @Test
  void aDeleteThatIsTestedReadsOnPastWhatStays() {
    Filter large = Filter.field("n").gte(7);

    pages.deleteWhere(large);

    assertThat(engine.requests).containsExactly("scan 1000", "deleteThose 3");
    assertThat(pages.count()).isEqualTo(7);
    assertThat(pages.count(large)).isZero();
  }
}
