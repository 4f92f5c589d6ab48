package dev.vectorstore.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.Capability;
import dev.vectorstore.FieldType;
import dev.vectorstore.Filter;
import dev.vectorstore.Fusion;
import dev.vectorstore.Metric;
import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.SearchHit;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.WriteOptions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Equal scores at the limit: section Search of docs/CONTRACT.md. */
public interface TiesContract extends EngineContract {
  /** So many records with equal vectors and texts, in any order, behind two that are nearer. */
  private static List<VectorRecord> equal(int count) {
    List<VectorRecord> records = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      records.add(
          VectorRecord.of(
              RecordId.of(i), Samples.vector(1, 1), Samples.payload("text", "fox", "n", i % 2)));
    }
    Payload two = Samples.payload("text", "fox fox", "n", 1);
    records.add(VectorRecord.of(RecordId.of("near"), Samples.vector(1, 2), two));
    records.add(VectorRecord.of(RecordId.of("nearer"), Samples.vector(0.9, 2), two));
    Collections.shuffle(records, new Random(count));
    return records;
  }

  private static List<RecordId> numbers(long... numbers) {
    return LongStream.of(numbers).mapToObj(RecordId::of).toList();
  }

  private static List<RecordId> ids(List<SearchHit> hits) {
    return hits.stream().map(SearchHit::id).toList();
  }

  @Test
  @Rule("S-16")
  default void anExactAnswerCutsEqualScoresById() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection collection = space.create(2, Metric.COSINE);
      SearchRequest exact = SearchRequest.nearest(Samples.vector(0.9, 2)).exact();
      if (!collection.capabilities().contains(Capability.EXACT)) {
        Expect.unsupported(() -> collection.search(exact));
        throw DoesNotBind.refused(Capability.EXACT);
      }
      collection.upsert(equal(60));
      List<RecordId> first = ids(collection.search(exact.limit(8)));
      assertThat(first.subList(0, 2)).containsExactly(RecordId.of("nearer"), RecordId.of("near"));
      assertThat(first.subList(2, 8)).isEqualTo(numbers(0, 1, 2, 3, 4, 5));
      assertThat(ids(collection.search(exact.limit(5))))
          .as("a smaller limit is a prefix of a larger one")
          .isEqualTo(first.subList(0, 5));
      assertThat(ids(collection.search(exact.limit(5).filter(Filter.field("n").eq(0)))))
          .as("with a filter")
          .isEqualTo(numbers(0, 2, 4, 6, 8));
      collection.upsert(equal(7));
      collection.patchPayload(numbers(4, 30), Samples.payload("z", 1), List.of());
      assertThat(ids(collection.search(exact.limit(8))))
          .as("after equal values were written again")
          .isEqualTo(first);
      assertThat(
              collection.searchBatch(List.of(exact.limit(8), exact.limit(3))).stream()
                  .map(TiesContract::ids))
          .as("in a batch")
          .containsExactly(first, first.subList(0, 3));
    }
  }

  /** Vectors of the same components in other orders: sums that differ in their last digits. */
  private static List<VectorRecord> permuted(Random random) {
    List<Float> components = new ArrayList<>(List.of(0.1f, 0.2f, 0.3f, 0.5f, 0.7f, 0.9f));
    List<VectorRecord> records = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      Collections.shuffle(components, random);
      float[] vector = new float[components.size()];
      for (int j = 0; j < vector.length; j++) {
        vector[j] = components.get(j);
      }
      records.add(VectorRecord.of(RecordId.of(i), vector, Samples.payload("n", i)));
    }
    Collections.shuffle(records, random);
    return records;
  }

  @Test
  @Rule("S-16")
  default void scoresThatNearlyTieAreCutAsTheyAreShown() {
    for (Metric metric : Metric.values()) {
      try (Workspace space = Workspace.of(this)) {
        VectorCollection collection = space.create(6, metric);
        if (!collection.capabilities().contains(Capability.EXACT)) {
          throw DoesNotBind.without(Capability.EXACT);
        }
        collection.upsert(permuted(new Random(3)));
        for (float component : new float[] {0.1f, 0.3f, 0.7f}) {
          float[] query = new float[6];
          Arrays.fill(query, component);
          query[5] = 0.2f;
          SearchRequest exact = SearchRequest.nearest(query).exact();
          List<RecordId> all = ids(collection.search(exact.limit(100)));
          for (int limit : new int[] {1, 2, 5, 8, 20, 60, 99}) {
            assertThat(ids(collection.search(exact.limit(limit))))
                .as("%s, limit %d of a query of %s", metric, limit, component)
                .isEqualTo(all.subList(0, limit));
          }
        }
      }
    }
  }

  @Test
  @Rule("S-16")
  default void moreEqualScoresThanAreAskedForAtOnce() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection collection = space.create(2, Metric.DOT);
      SearchRequest exact = SearchRequest.nearest(Samples.vector(1, 1)).exact();
      if (!collection.capabilities().contains(Capability.EXACT)) {
        Expect.unsupported(() -> collection.search(exact));
        throw DoesNotBind.refused(Capability.EXACT);
      }
      List<VectorRecord> records =
          new ArrayList<>(
              IntStream.range(0, 2_500)
                  .mapToObj(
                      i ->
                          VectorRecord.of(
                              RecordId.of(i), Samples.vector(1, 1), Samples.payload("n", i % 5)))
                  .toList());
      Collections.shuffle(records, new Random(5));
      collection.upsertAll(records.stream(), WriteOptions.defaults());
      assertThat(ids(collection.search(exact.limit(4)))).isEqualTo(numbers(0, 1, 2, 3));
      assertThat(ids(collection.search(exact.limit(4).filter(Filter.field("n").gte(3)))))
          .isEqualTo(numbers(3, 4, 8, 9));
    }
  }

  @Test
  @Rule("S-16")
  default void rankedTextCutsEqualScoresById() {
    try (Workspace space = Workspace.of(this)) {
      RankedSamples.requireRanked(space);
      VectorCollection collection =
          space
              .store()
              .ensureCollection(space.spec(2, Metric.COSINE).field("text", FieldType.TEXT).build());
      collection.upsert(equal(60));
      SearchRequest fox = SearchRequest.text("fox");
      List<RecordId> first = ids(collection.search(fox.limit(8)));
      assertThat(first)
          .startsWith(RecordId.of("near"), RecordId.of("nearer"))
          .isEqualTo(ids(collection.search(fox.limit(62))).subList(0, 8));
      assertThat(first.subList(2, 8)).isEqualTo(numbers(0, 1, 2, 3, 4, 5));
      assertThat(ids(collection.search(fox.limit(5)))).isEqualTo(first.subList(0, 5));
      collection.upsert(equal(7));
      assertThat(ids(collection.search(fox.limit(8)))).isEqualTo(first);
      if (collection.capabilities().contains(Capability.EXACT)) {
        FusionCheck.assertFused(
            collection,
            SearchRequest.hybrid(Samples.vector(0.9, 2), "fox", Fusion.rrf()).exact().limit(4));
      }
    }
  }
}
