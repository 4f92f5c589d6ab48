package dev.vectorstore.testkit;

import dev.vectorstore.Capability;
import dev.vectorstore.SearchHit;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorStore;
import dev.vectorstore.WriteBatch;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/** Stores whose batches others see a part of. */
final class BatchMutants {
  private BatchMutants() {}

  static List<Mutant> all() {
    return List.of(
        Mutant.store("W-12", "an atomic batch stops half-way", BatchMutants::halfway),
        Mutant.store(
            "W-20", "others come in between the writes of a batch", InterleavedBatches::new),
        Mutant.collection(
            "W-20", "a hybrid search reads its rankings one by one", BatchMutants::legByLeg),
        Mutant.collection(
            "W-20",
            "searches of a batch are answered one by one",
            to ->
                new ForwardingCollection(to) {
                  @Override
                  public List<List<SearchHit>> searchBatch(List<SearchRequest> requests) {
                    return requests.stream().map(late(this::search)).toList();
                  }
                }));
  }

  /** Leaves others the time to come in between. */
  private static Function<SearchRequest, List<SearchHit>> late(
      Function<SearchRequest, List<SearchHit>> search) {
    return request -> {
      LockSupport.parkNanos(100_000);
      return search.apply(request);
    };
  }

  private static VectorCollection legByLeg(VectorCollection to) {
    return new ForwardingCollection(to) {
      @Override
      public List<SearchHit> search(SearchRequest request) {
        if (request.fusion().isEmpty() || !capabilities().contains(Capability.RANKED_TEXT)) {
          return to.search(request);
        }
        int size = 2 * request.limit();
        List<SearchHit> near =
            to.search(SearchRequest.nearest(request.vector().orElseThrow()).limit(size));
        List<SearchHit> relevant =
            late(to::search).apply(SearchRequest.text(request.text().orElseThrow()).limit(size));
        return request.fusion().get().fuse(near, relevant, request.limit());
      }
    };
  }

  private static VectorStore halfway(VectorStore to) {
    return new ForwardingStore(to) {
      @Override
      public void apply(WriteBatch batch) {
        for (WriteBatch.Operation operation : batch.operations()) {
          WriteBatch.Builder one = WriteBatch.builder();
          if (operation instanceof WriteBatch.Upsert upsert) {
            one.upsert(upsert.collection(), upsert.records());
          } else if (operation instanceof WriteBatch.Delete delete) {
            one.delete(delete.collection(), delete.ids());
          } else if (operation instanceof WriteBatch.DeleteWhere where) {
            one.deleteWhere(where.collection(), where.filter());
          }
          to.apply(one.build());
        }
      }
    };
  }
}
