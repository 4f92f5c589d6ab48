package dev.vectorstore.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.Capability;
import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Embedding;
import dev.vectorstore.Filter;
import dev.vectorstore.IdKind;
import dev.vectorstore.Metric;
import dev.vectorstore.Payload;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.ScanRequest;
import dev.vectorstore.SearchHit;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorSpec;
import dev.vectorstore.VectorStoreException.Conflict;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.WriteBatch;
import dev.vectorstore.WriteMode;
import dev.vectorstore.WriteOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Several vectors a record: sections Collections, Records and Search of docs/CONTRACT.md. */
public interface NamedVectorsContract extends EngineContract {
  @Test
  @Rule("C-13")
  default void aCollectionHasVectorsByName() {
    try (Workspace space = Workspace.of(this)) {
      CollectionSpec spec = NamedSamples.spec(space);
      VectorCollection collection = space.store().ensureCollection(spec);
      assertThat(collection.describe().spec()).isEqualTo(spec);
      assertThat(NamedSamples.client(space).describe(spec.name()).spec()).isEqualTo(spec);
      assertThat(space.store().ensureCollection(spec).describe().spec()).isEqualTo(spec);
      collection.upsert(NamedSamples.records());
      List<CollectionSpec> others =
          List.of(
              spec.toBuilder().vector("title", 3, Metric.DOT).build(),
              spec.toBuilder().vector("title", 4, Metric.COSINE).build(),
              spec.toBuilder().vectors(5, Metric.COSINE).build(),
              NamedSamples.withoutVectors(spec));
      for (CollectionSpec other : others) {
        Expect.failure(
            Conflict.class,
            "another dimension or metric of a vector, or none: refuse it",
            () -> space.store().ensureCollection(other));
      }
      assertThat(space.store().describe(spec.name()).spec()).isEqualTo(spec);
      NamedSamples.assertSame(spec, Samples.all(collection), NamedSamples.records());
    }
  }

  @Test
  @Rule("C-13")
  default void namesOfVectorsArePortable() {
    try (Workspace space = Workspace.of(this)) {
      for (String name :
          List.of("a b", "1st", "_v", "v.2", "x".repeat(64), "\u00e9", "'", "__vs")) {
        CollectionSpec spec = space.spec(2, Metric.COSINE).vector(name, 2, Metric.DOT).build();
        Expect.invalid("the vector name " + name, () -> space.store().ensureCollection(spec));
        assertThat(space.store().exists(spec.name())).isFalse();
      }
      CollectionSpec spec =
          CollectionSpec.builder(space.freshName())
              .vector("A-b_9", 2, Metric.COSINE)
              .vector("x".repeat(63), 3, Metric.DOT)
              .vector("Id", 1, Metric.EUCLIDEAN)
              .vector("payload", 4, Metric.COSINE)
              .build();
      assertThat(space.store().ensureCollection(spec).describe().spec()).isEqualTo(spec);
    }
  }

  @Test
  @Rule("R-17")
  default void eachVectorComesBackUnderItsName() {
    try (Workspace space = Workspace.of(this)) {
      CollectionSpec spec = NamedSamples.spec(space);
      VectorCollection collection = space.store().ensureCollection(spec);
      List<VectorRecord> records = NamedSamples.records();
      collection.upsertAll(records.subList(0, 4).stream(), WriteOptions.defaults());
      if (collection.capabilities().contains(Capability.ATOMIC_BATCH)) {
        WriteBatch batch = WriteBatch.builder().upsert(spec.name(), records.subList(4, 6)).build();
        space.store().apply(batch);
      }
      collection.upsert(records.subList(4, records.size()));
      NamedSamples.assertSame(spec, Samples.all(collection), records);
      List<Projection> projections =
          List.of(
              Projection.all(),
              Projection.payload(),
              Projection.ids().withVectors("title"),
              Projection.payload().withVectors(VectorSpec.PLAIN, "far"),
              Projection.fields("n").withVectors("far"));
      for (Projection projection : projections) {
        List<VectorRecord> parts = records.stream().map(projection::apply).toList();
        NamedSamples.assertSame(spec, collection.fetch(Samples.ids(records), projection), parts);
        NamedSamples.assertSame(
            spec,
            Samples.scan(collection, ScanRequest.all().projection(projection).pageSize(3)),
            parts);
        NamedSamples.assertHits(spec, collection, projection, records);
      }
    }
  }

  @Test
  @Rule("R-17")
  default void writesReplaceAllVectorsAndPatchesKeepThem() {
    try (Workspace space = Workspace.of(this)) {
      CollectionSpec spec = NamedSamples.spec(space);
      VectorCollection collection = space.store().ensureCollection(spec);
      VectorRecord whole = NamedSamples.record(1, true, true, true);
      collection.upsert(whole, NamedSamples.record(2, true, true, false));
      collection.patchPayload(Samples.ids(1), Samples.payload("more", "text"), List.of("n"));
      VectorRecord patched =
          whole.withPayload(whole.payload().toBuilder().put("more", "text").remove("n").build());
      NamedSamples.assertSame(spec, collection.fetch(Samples.ids(1), Projection.all()), patched);
      VectorRecord other = NamedSamples.record(2, false, false, true);
      collection.upsert(other);
      NamedSamples.assertSame(spec, collection.fetch(Samples.ids(2), Projection.all()), other);
      if (collection.capabilities().contains(Capability.INSERT_ONLY)) {
        collection.upsert(List.of(NamedSamples.record(2, true, true, true)), WriteMode.INSERT_ONLY);
        NamedSamples.assertSame(spec, collection.fetch(Samples.ids(2), Projection.all()), other);
      }
      collection.upsert(VectorRecord.of(RecordId.of(1), Payload.empty()));
      assertThat(collection.fetch(RecordId.of(1)).orElseThrow().vectors()).isEmpty();
    }
  }

  @Test
  @Rule({"R-17", "S-17"})
  default void anOnlyVectorNeedsNoName() {
    try (Workspace space = Workspace.of(this)) {
      CollectionSpec spec =
          CollectionSpec.builder(space.freshName()).vector("title", 2, Metric.DOT).build();
      VectorCollection collection = space.store().ensureCollection(spec);
      assertThat(spec.dimension()).hasValue(2);
      Embedding vector = Samples.vector(1, 2);
      Payload payload = Samples.payload("n", 1);
      collection.upsert(
          VectorRecord.of(RecordId.of(1), vector, payload),
          VectorRecord.of(RecordId.of(2), Map.of("title", vector), payload));
      for (VectorRecord record : Samples.all(collection)) {
        assertThat(record.vectors()).isEqualTo(Map.of("title", vector));
        assertThat(record.vector()).contains(vector);
      }
      assertThat(collection.fetch(Samples.ids(1), Projection.ids().withVectors(VectorSpec.PLAIN)))
          .containsExactly(
              VectorRecord.of(RecordId.of(1), Map.of("title", vector), Payload.empty()));
      for (SearchRequest request :
          List.of(SearchRequest.nearest(vector), SearchRequest.nearest(vector).using("title"))) {
        Near.assertFinds("with and without the name", collection, request, Samples.ids(1, 2));
      }
    }
  }

  @Test
  @Rule("R-17")
  default void vectorsThatTheCollectionLacksAreRefused() {
    try (Workspace space = Workspace.of(this)) {
      CollectionSpec plain = NamedSamples.spec(space).toBuilder().idKinds(IdKind.NUMBER).build();
      CollectionSpec named =
          CollectionSpec.builder(space.freshName())
              .vector("title", 3, Metric.DOT)
              .vector("far", 2, Metric.EUCLIDEAN)
              .idKinds(IdKind.NUMBER)
              .build();
      VectorCollection collection = space.store().ensureCollection(plain);
      VectorCollection unnamed = space.store().ensureCollection(named);
      VectorRecord good = NamedSamples.record(1, true, true, true);
      Embedding two = Samples.vector(1, 2);
      refused(
          collection, good, VectorRecord.of(RecordId.of(2), Map.of("other", two), Payload.empty()));
      refused(
          collection, good, VectorRecord.of(RecordId.of(2), Map.of("title", two), Payload.empty()));
      refused(
          collection, good, VectorRecord.of(RecordId.of(2), Map.of("TITLE", two), Payload.empty()));
      refused(unnamed, null, VectorRecord.of(RecordId.of(2), two, Payload.empty()));
      for (VectorCollection each : List.of(collection, unnamed)) {
        Projection other = Projection.all().withVectors("other");
        ScanRequest scan = ScanRequest.all().projection(other);
        String lists = "a projection of a vector that isn't there: refuse it, list those that are";
        InvalidRequest listed = Expect.invalid(lists, () -> each.scan(scan));
        assertThat(listed).hasMessageContainingAll("other", "title", "far");
        Expect.invalid(lists, () -> each.fetch(Samples.ids(1), other));
      }
    }
  }

  private static void refused(
      VectorCollection collection, @Nullable VectorRecord good, VectorRecord bad) {
    List<VectorRecord> records = new ArrayList<>();
    if (good != null) {
      records.add(good);
    }
    records.add(bad);
    InvalidRequest refused =
        Expect.invalid("a vector that has no place: refuse it", () -> collection.upsert(records));
    assertThat(refused).hasMessageContaining("number id 2");
    if (bad.vector("title").isEmpty()) {
      assertThat(refused).hasMessageContainingAll("title", "far");
    }
    assertThat(collection.count()).as("nothing is written").isZero();
  }

  @Test
  @Rule("S-17")
  default void aSearchIsAmongTheVectorsOfOneName() {
    try (Workspace space = Workspace.of(this)) {
      CollectionSpec spec = NamedSamples.spec(space);
      VectorCollection collection = space.store().ensureCollection(spec);
      List<VectorRecord> records = NamedSamples.records();
      collection.upsert(records);
      if (!collection.capabilities().contains(Capability.VECTOR_SEARCH)) {
        Expect.unsupported(() -> collection.search(NamedSamples.query("title")));
        throw DoesNotBind.refused(Capability.VECTOR_SEARCH);
      }
      List<SearchRequest> requests = new ArrayList<>();
      for (String name : List.of(VectorSpec.PLAIN, "title", "far")) {
        for (Filter filter : List.of(Filter.all(), Filter.field("n").lt(9), NamedSamples.SOME)) {
          SearchRequest request = NamedSamples.query(name).filter(filter).limit(6);
          requests.add(request);
          NamedSamples.assertNearest(spec, records, request, collection.search(request));
        }
      }
      List<List<SearchHit>> answers = collection.searchBatch(requests);
      for (int i = 0; i < requests.size(); i++) {
        NamedSamples.assertNearest(spec, records, requests.get(i), answers.get(i));
      }
      SearchRequest unnamed = SearchRequest.nearest(Samples.vector(1, 0, 0, 0)).limit(6);
      NamedSamples.assertNearest(spec, records, unnamed, collection.search(unnamed));
    }
  }

  @Test
  @Rule("S-17")
  default void aSearchWithoutARightNameIsRefused() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection collection = space.store().ensureCollection(NamedSamples.spec(space));
      VectorCollection named =
          space
              .store()
              .ensureCollection(
                  CollectionSpec.builder(space.freshName())
                      .vector("title", 3, Metric.DOT)
                      .vector("far", 3, Metric.EUCLIDEAN)
                      .build());
      SearchRequest nearest = SearchRequest.nearest(Samples.vector(1, 2, 3));
      Near.invalid("a name that isn't there", collection, nearest.using("other"));
      Near.invalid("the dimension of another name", collection, nearest.using("far"));
      Near.invalid("a name in another case", collection, nearest.using("Title"));
      Near.invalid("no name, where there are several", named, nearest);
      Near.assertFinds("nothing is there yet", named, nearest.using("title"), List.of());
      if (named.capabilities().contains(Capability.VECTOR_SEARCH)) {
        assertThat(Expect.invalid("list the vectors", () -> named.search(nearest)))
            .hasMessageContainingAll("title", "far", "3");
      }
    }
  }
}
