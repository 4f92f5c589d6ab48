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
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.VectorStoreException.UnsupportedFeature;
import java.util.List;
import java.util.Map;
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

  @Test
  void aDeleteTakesWhatItsOwnFilterSays() {
    engine.exactFilters = true;
    engine.compiledDelete = Bounds.exactly(record -> record.id().equals(RecordId.of(1)));

    pages.deleteWhere(SMALL);

    assertThat(engine.requests).containsExactly("deleteWhere");
    assertThat(engine.records).hasSize(9).doesNotContainKey(RecordId.of(1));
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
