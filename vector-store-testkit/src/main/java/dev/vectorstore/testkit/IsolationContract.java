package dev.vectorstore.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.Capability;
import dev.vectorstore.FieldType;
import dev.vectorstore.Fusion;
import dev.vectorstore.Metric;
import dev.vectorstore.Payload;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorCollection;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * Atomic batches beside each other: section Writes of docs/CONTRACT.md. Where there are none, W-12
 * shows that they are refused.
 */
public interface IsolationContract extends EngineContract {
  @Test
  @Rule("W-20")
  default void batchesBehaveAsIfOneRanAfterTheOther() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection collection = space.create(2, Metric.COSINE);
      space.require(Capability.ATOMIC_BATCH);
      for (int round = 0; round < 20; round++) {
        String url = "page " + round;
        PageVersions.ingest(space.store(), collection.name(), url, 2, 0);
        Parallel.run(
            3,
            "batches over the same records: each is written, none fails",
            i -> PageVersions.ingest(space.store(), collection.name(), url, 9 - 3 * i, i + 1));
        List<Payload> page = PageVersions.scanned(collection, url);
        assertThat(PageVersions.isWhole(page))
            .as("after concurrent batches, the page is that of one of them: %s", page)
            .isTrue();
      }
    }
  }

  private static SearchRequest exact(Workspace space, SearchRequest request) {
    return space.has(Capability.EXACT) ? request.exact() : request;
  }

  @Test
  @Rule("W-20")
  default void aReadSeesABatchWhollyOrNotAtAll() {
    try (Workspace space = Workspace.of(this)) {
      space.require(Capability.ATOMIC_BATCH);
      PageVersions.readBesideBatches(
          space,
          space.spec(2, Metric.COSINE).build(),
          UnaryOperator.identity(),
          collection -> List.of(PageVersions.scanned(collection, "page")),
          collection ->
              List.of(
                  space.has(Capability.VECTOR_SEARCH)
                      ? PageVersions.found(collection, "page")
                      : PageVersions.scanned(collection, "page")));
    }
  }

  @Test
  @Rule("W-20")
  default void aHybridSearchSeesABatchWhollyOrNotAtAll() {
    for (FieldType type : List.of(FieldType.TEXT, FieldType.TERMS)) {
      try (Workspace space = Workspace.of(this)) {
        space.require(Capability.ATOMIC_BATCH, Capability.VECTOR_SEARCH, Capability.TERMS);
        if (type == FieldType.TERMS || space.has(Capability.RANKED_TEXT)) {
          SearchRequest hybrid =
              SearchRequest.hybrid(Samples.vector(1, 0), "page", Fusion.rrf()).limit(20);
          PageVersions.readBesideBatches(
              space,
              space.spec(2, Metric.COSINE).field("url", type).build(),
              PageVersions::halfWithoutVector,
              collection -> List.of(PageVersions.payloads(collection.search(hybrid))),
              collection ->
                  List.of(PageVersions.payloads(collection.search(exact(space, hybrid.limit(8))))));
        }
      }
    }
  }

  @Test
  @Rule("W-20")
  default void aBatchOfSearchesSeesABatchWhollyOrNotAtAll() {
    try (Workspace space = Workspace.of(this)) {
      space.require(Capability.ATOMIC_BATCH, Capability.VECTOR_SEARCH);
      List<SearchRequest> requests =
          List.of(
              PageVersions.NEAREST,
              exact(space, PageVersions.NEAREST),
              SearchRequest.nearest(Samples.vector(0, 1)).limit(9));
      PageVersions.readBesideBatches(
          space,
          space.spec(2, Metric.COSINE).build(),
          UnaryOperator.identity(),
          collection ->
              collection.searchBatch(requests).stream().map(PageVersions::payloads).toList());
    }
  }
}
