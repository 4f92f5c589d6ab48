package dev.vectorstore.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.Capability;
import dev.vectorstore.CollectionSpec;
import dev.vectorstore.FieldType;
import dev.vectorstore.Filter;
import dev.vectorstore.Metric;
import dev.vectorstore.RecordId;
import dev.vectorstore.ScanRequest;
import dev.vectorstore.SearchHit;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.TextTerms;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Collections with ranked fields, and what is asked of them. */
final class RankedSamples {
  /** Best first, equal scores by id. */
  static final Comparator<SearchHit> ORDER =
      Comparator.comparingDouble(SearchHit::score).reversed().thenComparing(SearchHit::id);

  /** On the key "n": some that engines say natively, some that they don't. */
  static final List<Filter> FILTERS =
      List.of(
          Filter.all(),
          Filter.none(),
          Filter.field("n").lt(50),
          Filter.not(Filter.field("n").lt(390)),
          Filter.containsJson(Samples.payload("n", 78)),
          Filter.or(
              Filter.containsJson(Samples.payload("n", 6)),
              Filter.containsJson(Samples.payload("n", 39))),
          Filter.ids(Samples.ids(1, 2, 3, 1_000)));

  private RankedSamples() {}

  /**
   * Ends a test where the store has no RANKED_TEXT, once what needs it was refused: the declaration
   * of a field, with nothing made, and the searches. Where the store has it, a collection without
   * such a field is shown not to.
   */
  static void requireRanked(Workspace space) {
    boolean lacking = !space.has(Capability.RANKED_TEXT);
    if (lacking) {
      CollectionSpec ranked = spec(space);
      Expect.unsupported(() -> space.store().ensureCollection(ranked));
      assertThat(space.store().exists(ranked.name())).isFalse();
    }
    VectorCollection plain = space.create();
    assertThat(plain.capabilities()).doesNotContain(Capability.RANKED_TEXT);
    SearchRequest fox = SearchRequest.text("fox");
    Expect.unsupported(() -> plain.search(fox));
    Expect.unsupported(() -> plain.searchBatch(List.of(fox)));
    if (lacking) {
      throw DoesNotBind.refused(Capability.RANKED_TEXT);
    }
  }

  /** Ranked are "text" and "title"; "plain" has terms alone. */
  static CollectionSpec spec(Workspace space) {
    return space
        .spec(4, Metric.COSINE)
        .field("text", FieldType.TEXT)
        .field("plain", FieldType.TERMS)
        .field("title", FieldType.TEXT)
        .field("n", FieldType.NUMBER)
        .build();
  }

  static VectorCollection create(Workspace space) {
    return space.store().ensureCollection(spec(space));
  }

  /** A record for each value at the key "text", with the ids 0, 1, 2... */
  static List<VectorRecord> texts(List<?> values) {
    List<VectorRecord> records = new ArrayList<>();
    values.forEach(value -> records.add(Samples.record(records.size(), "text", value)));
    return records;
  }

  /** The ids that a ranked search finds. */
  static List<RecordId> search(VectorCollection collection, String query) {
    return collection.search(SearchRequest.text(query).limit(1_000)).stream()
        .map(SearchHit::id)
        .toList();
  }

  static SearchRequest fox(Filter filter, int limit) {
    return SearchRequest.text("fox").filter(filter).limit(limit);
  }

  /** The ids of the records where a ranked field has one of the terms, in the order of a scan. */
  static List<RecordId> having(VectorCollection collection, String query) {
    List<Filter> any = new ArrayList<>();
    for (String term : TextTerms.of(query)) {
      any.add(Filter.field("text").matchesText(term));
      any.add(Filter.field("title").matchesText(term));
    }
    return Samples.ids(Samples.scan(collection, ScanRequest.all().filter(Filter.or(any))));
  }

  /** So many different terms: w0 w1 w2... */
  static String words(int count) {
    return IntStream.range(0, count).mapToObj(i -> "w" + i).collect(Collectors.joining(" "));
  }
}
