package dev.vectorstore.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.vectorstore.Capability;
import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Embedding;
import dev.vectorstore.Filter;
import dev.vectorstore.Metric;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.SearchHit;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorSpec;
import dev.vectorstore.VectorStore;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Records with several vectors, and what is expected of them. */
final class NamedSamples {
  /** Engines don't say it natively. */
  static final Filter SOME =
      Filter.or(
          Filter.containsJson(Samples.payload("n", 2)),
          Filter.containsJson(Samples.payload("n", 14)),
          Filter.containsJson(Samples.payload("n", 15)));

  private NamedSamples() {}

  /** A plain vector and two named ones, of which one has its dimension. */
  static CollectionSpec spec(Workspace space) {
    return space
        .spec(4, Metric.COSINE)
        .vector("title", 4, Metric.DOT)
        .vector("far", 2, Metric.EUCLIDEAN)
        .build();
  }

  /**
   * Ends a test where the collection's vectors can't be changed, since it isn't the store's own,
   * once that was refused, with nothing changed.
   */
  static void requireChangeable(Workspace space, VectorCollection collection, CollectionSpec more) {
    if (collection.capabilities().contains(Capability.MANAGE)) {
      return;
    }
    CollectionSpec before = collection.describe().spec();
    Expect.unsupported(() -> space.store().ensureCollection(more));
    Expect.unsupported(() -> space.store().dropVector(before.name(), VectorSpec.PLAIN));
    assertThat(space.store().describe(before.name()).spec()).isEqualTo(before);
    throw DoesNotBind.refused(Capability.MANAGE);
  }

  /** Another client, where the engine can have one. */
  static VectorStore client(Workspace space) {
    return space.remote() ? space.another() : space.store();
  }

  static CollectionSpec withoutVectors(CollectionSpec spec) {
    CollectionSpec.Builder builder = spec.toBuilder();
    spec.vectors().keySet().forEach(builder::withoutVector);
    return builder.build();
  }

  /** A record with some of the vectors, which follow from its number. */
  static VectorRecord record(long id, boolean plain, boolean title, boolean far) {
    Random random = new Random(id);
    Map<String, Embedding> vectors = new LinkedHashMap<>();
    Embedding[] made = {
      Samples.vector(random, 4), Samples.vector(random, 4), Samples.vector(random, 2)
    };
    if (plain) {
      vectors.put(VectorSpec.PLAIN, made[0]);
    }
    if (title) {
      vectors.put("title", made[1]);
    }
    if (far) {
      vectors.put("far", made[2]);
    }
    return VectorRecord.of(RecordId.of(id), vectors, Samples.payload("n", id, "text", "t" + id));
  }

  /** Two records of each subset of the vectors, by id. */
  static List<VectorRecord> records() {
    List<VectorRecord> records = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      records.add(record(i, (i & 1) > 0, (i & 2) > 0, (i & 4) > 0));
    }
    return records;
  }

  static SearchRequest query(String name) {
    Embedding query =
        switch (name) {
          case "title" -> Samples.vector(1, -2, 0.5, 3);
          case "far" -> Samples.vector(0.5, -1);
          default -> Samples.vector(1, -1, 0.5, 0);
        };
    return SearchRequest.nearest(query).using(name);
  }

  /** Equal, in any order; under cosine in direction. */
  static void assertSame(
      CollectionSpec spec, List<VectorRecord> found, List<VectorRecord> expected) {
    Map<RecordId, VectorRecord> byId =
        found.stream().collect(Collectors.toMap(VectorRecord::id, Function.identity()));
    assertThat(byId.keySet())
        .containsExactlyInAnyOrderElementsOf(expected.stream().map(VectorRecord::id).toList());
    for (VectorRecord record : expected) {
      VectorRecord there = byId.getOrDefault(record.id(), record);
      assertThat(there.payload()).as("%s", record).isEqualTo(record.payload());
      assertThat(there.vectors().keySet())
          .as("the names of the vectors of %s", record)
          .isEqualTo(record.vectors().keySet());
      record
          .vectors()
          .forEach(
              (name, vector) ->
                  assertSame(spec.vector(name), there.vector(name).orElseThrow(), vector));
    }
  }

  static void assertSame(CollectionSpec spec, List<VectorRecord> found, VectorRecord expected) {
    assertSame(spec, found, List.of(expected));
  }

  private static void assertSame(VectorSpec spec, Embedding found, Embedding expected) {
    assertThat(found.dimension()).isEqualTo(expected.dimension());
    if (spec.metric() == Metric.COSINE) {
      assertThat(Metric.COSINE.score(found, expected)).isCloseTo(1, within(1e-6));
    } else {
      assertThat(found).isEqualTo(expected);
    }
  }

  /** What hits of a search carry is what the projection says. */
  static void assertHits(
      CollectionSpec spec,
      VectorCollection collection,
      Projection projection,
      List<VectorRecord> records) {
    SearchRequest request = query("title").projection(projection).limit(100);
    Near.records(collection, request)
        .ifPresent(
            found ->
                assertSame(
                    spec,
                    found,
                    records.stream()
                        .filter(record -> record.vector("title").isPresent())
                        .map(projection::apply)
                        .toList()));
  }

  /** The records that have the vector, best first, with its metric's scores. */
  static void assertNearest(
      CollectionSpec spec,
      List<VectorRecord> records,
      SearchRequest request,
      List<SearchHit> hits) {
    String name = request.using().orElse(VectorSpec.PLAIN);
    Metric metric = spec.vector(name).metric();
    Embedding query = request.vector().orElseThrow();
    List<VectorRecord> best =
        records.stream()
            .filter(record -> record.vector(name).isPresent() && request.filter().test(record))
            .sorted(
                Comparator.comparingDouble(
                        (VectorRecord r) -> metric.score(query, r.vector(name).orElseThrow()))
                    .reversed())
            .limit(request.limit())
            .toList();
    assertThat(hits)
        .as("%s", request)
        .extracting(SearchHit::id)
        .isEqualTo(best.stream().map(VectorRecord::id).toList());
    for (int i = 0; i < hits.size(); i++) {
      double score = metric.score(query, best.get(i).vector(name).orElseThrow());
      assertThat(hits.get(i).score())
          .as("the score of %s by %s", hits.get(i).id(), metric)
          .isCloseTo(score, within(1e-5 * Math.max(1, Math.abs(score))));
    }
  }
}
