package dev.vectorstore.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.Capability;
import dev.vectorstore.RecordId;
import dev.vectorstore.SearchHit;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Searches by vector where a collection has them; where it hasn't, that they are refused. */
final class Near {
  private Near() {}

  /** The records that a search finds, or empty where it was rightly refused. */
  static Optional<List<VectorRecord>> records(VectorCollection collection, SearchRequest request) {
    return hits(collection, request).map(hits -> hits.stream().map(SearchHit::record).toList());
  }

  /** The hits of a search, or empty where it was rightly refused. */
  static Optional<List<SearchHit>> hits(VectorCollection collection, SearchRequest request) {
    if (!collection.capabilities().contains(Capability.VECTOR_SEARCH)) {
      Expect.unsupported(() -> collection.search(request));
      return Optional.empty();
    }
    return Optional.of(collection.search(request));
  }

  /** Asserts which records a search finds, in any order. */
  static void assertFinds(
      String advice, VectorCollection collection, SearchRequest request, Collection<RecordId> ids) {
    records(collection, request)
        .ifPresent(
            found ->
                assertThat(found)
                    .as(advice)
                    .extracting(VectorRecord::id)
                    .containsExactlyInAnyOrderElementsOf(ids));
  }

  /** Expects that a search is refused, as a bad request where searches are answered at all. */
  static void invalid(String advice, VectorCollection collection, SearchRequest request) {
    if (!collection.capabilities().contains(Capability.VECTOR_SEARCH)) {
      Expect.unsupported(() -> collection.search(request));
      return;
    }
    Expect.invalid(advice, () -> collection.search(request));
  }
}
