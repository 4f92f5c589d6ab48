package dev.vectorstore.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.Capability;
import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Metric;
import dev.vectorstore.Payload;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorSpec;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException.Conflict;
import dev.vectorstore.VectorStoreException.NotFound;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Vectors that are added and dropped: section Collections of docs/CONTRACT.md. */
public interface ChangedVectorsContract extends EngineContract {
  @Test
  @Rule("C-14")
  default void aVectorCanBeAdded() {
    try (Workspace space = Workspace.of(this)) {
      CollectionSpec before = space.spec(2, Metric.COSINE).build();
      VectorCollection old = space.store().ensureCollection(before);
      old.upsert(VectorRecord.of(RecordId.of(1), Samples.vector(1, 0), Samples.payload("n", 1)));
      CollectionSpec after = before.toBuilder().vector("title", 3, Metric.DOT).build();
      NamedSamples.requireChangeable(space, old, after);
      VectorCollection added = space.store().ensureCollection(after);
      assertThat(added.describe().spec()).isEqualTo(after);
      assertThat(added.count()).as("no record is lost").isEqualTo(1);
      VectorRecord both =
          VectorRecord.of(RecordId.of(2), Samples.vector(0, 1), Samples.payload("n", 2))
              .withVector("title", Samples.vector(1, 2, 3));
      added.upsert(both);
      NamedSamples.assertSame(after, added.fetch(Samples.ids(2), Projection.all()), both);
      old.upsert(VectorRecord.of(RecordId.of(3), Samples.vector(1, 1), Samples.payload("n", 3)));
      Near.assertFinds(
          "who opened the collection before goes on",
          old,
          SearchRequest.nearest(Samples.vector(1, 0)),
          Samples.ids(1, 2, 3));
      SearchRequest title = SearchRequest.nearest(Samples.vector(1, 1, 1)).using("title");
      Near.assertFinds("only records that have it are hits", added, title, Samples.ids(2));
      assertThat(space.store().ensureCollection(before).describe().spec())
          .as("what was added stays, where it isn't asked for")
          .isEqualTo(after);
      CollectionSpec bare = CollectionSpec.builder(space.freshName()).build();
      space.store().ensureCollection(bare);
      Expect.failure(
          Conflict.class,
          "a vector without a name is declared with its collection",
          () -> space.store().ensureCollection(bare.toBuilder().vectors(2, Metric.DOT).build()));
    }
  }

  @Test
  @Rule("C-14")
  default void aVectorCanBeAddedInARace() {
    try (Workspace space = Workspace.of(this)) {
      CollectionSpec before = space.spec(2, Metric.COSINE).build();
      VectorCollection old = space.store().ensureCollection(before);
      old.upsert(VectorRecord.of(RecordId.of(1), Samples.vector(1, 0), Payload.empty()));
      CollectionSpec after =
          before.toBuilder().vector("a", 3, Metric.DOT).vector("b", 2, Metric.EUCLIDEAN).build();
      NamedSamples.requireChangeable(space, old, after);
      List<VectorStore> clients =
          Stream.generate(() -> NamedSamples.client(space)).limit(4).toList();
      Parallel.run(
          4,
          "clients that add the same vectors at the same time all get them",
          i -> clients.get(i).ensureCollection(after));
      VectorCollection added = space.store().collection(before.name());
      assertThat(added.describe().spec()).isEqualTo(after);
      assertThat(added.count()).isEqualTo(1);
    }
  }

  @Test
  @Rule("C-15")
  default void aVectorCanBeDropped() {
    try (Workspace space = Workspace.of(this)) {
      CollectionSpec spec = NamedSamples.spec(space);
      VectorCollection old = space.store().ensureCollection(spec);
      List<VectorRecord> records = NamedSamples.records();
      old.upsert(records);
      CollectionSpec more = spec.toBuilder().vector("other", 3, Metric.DOT).build();
      NamedSamples.requireChangeable(space, old, more);
      assertThat(space.store().dropVector(spec.name(), "other")).isFalse();
      assertThat(space.store().dropVector(spec.name(), "title")).isTrue();
      assertThat(space.store().dropVector(spec.name(), "title")).isFalse();
      CollectionSpec rest = spec.toBuilder().withoutVector("title").build();
      VectorCollection dropped = space.store().collection(spec.name());
      assertThat(dropped.describe().spec()).isEqualTo(rest);
      List<VectorRecord> left =
          records.stream().map(Projection.all().withVectors("", "far")::apply).toList();
      NamedSamples.assertSame(rest, Samples.all(dropped), left);
      Near.invalid("a vector that was dropped", dropped, NamedSamples.query("title"));
      assertTitleIsGoneFor(old, records);
      assertThat(space.store().dropVector(spec.name(), VectorSpec.PLAIN)).isTrue();
      assertThat(space.store().describe(spec.name()).spec())
          .isEqualTo(rest.toBuilder().withoutVector(VectorSpec.PLAIN).build());
      assertThat(space.store().collection(spec.name()).count()).isEqualTo(records.size());
      Expect.failure(
          NotFound.class,
          "a collection that isn't there",
          () -> space.store().dropVector(space.freshName(), "title"));
    }
  }

  /** Who opened the collection before its vector "title" was dropped is told, or goes on. */
  private static void assertTitleIsGoneFor(VectorCollection old, List<VectorRecord> records) {
    VectorRecord whole = NamedSamples.record(90, true, true, true);
    Expect.failure(
        Conflict.class,
        "a description from before a vector was dropped: refuse what is written by it",
        () -> old.upsert(whole));
    Expect.failure(
        Conflict.class,
        "a read of a vector that was dropped, by a description from before: refuse it",
        () -> old.fetch(Samples.ids(1), Projection.all()));
    if (old.capabilities().contains(Capability.VECTOR_SEARCH)) {
      Expect.failure(
          Conflict.class, "a search by it likewise", () -> old.search(NamedSamples.query("title")));
    }
    assertThat(old.count()).as("what doesn't read it goes on").isEqualTo(records.size());
    Near.assertFinds(
        "searches by the other vectors go on",
        old,
        NamedSamples.query("far").limit(100),
        Samples.ids(records.stream().filter(record -> record.vector("far").isPresent()).toList()));
  }

  /**
   * As a store changes its embedding model: add, fill, search, drop; readers never miss a record.
   */
  @Test
  @Rule({"C-14", "C-15", "S-17"})
  default void anEmbeddingModelIsChangedBesideItsReaders() {
    try (Workspace space = Workspace.of(this)) {
      CollectionSpec before = space.spec(2, Metric.COSINE).build();
      VectorCollection reader = space.store().ensureCollection(before);
      List<VectorRecord> records =
          IntStream.range(0, 30).mapToObj(ChangedVectorsContract::numbered).toList();
      reader.upsert(records);
      CollectionSpec both = before.toBuilder().vector("v2", 3, Metric.DOT).build();
      NamedSamples.requireChangeable(space, reader, both);
      SearchRequest byOld = SearchRequest.nearest(Samples.vector(0, 1)).limit(30);
      VectorCollection writer = space.store().ensureCollection(both);
      for (VectorRecord record : Samples.all(writer)) {
        long n = record.payload().integer("n").orElseThrow();
        writer.upsert(record.withVector("v2", Samples.vector((double) n, 1, 0)));
        Near.assertFinds("readers by the old model", reader, byOld, Samples.ids(records));
      }
      SearchRequest byNew = SearchRequest.nearest(Samples.vector(1, 0, 0)).using("v2").limit(30);
      Near.assertFinds("by the new model", writer, byNew, Samples.ids(records));
      assertThat(space.store().dropVector(before.name(), VectorSpec.PLAIN)).isTrue();
      VectorCollection after = space.store().collection(before.name());
      assertOrder(after, byNew.limit(3), Samples.ids(29, 28, 27));
      Near.assertFinds(
          "an only vector needs no name",
          after,
          SearchRequest.nearest(Samples.vector(1, 0, 0)).limit(30),
          Samples.ids(records));
      Expect.failure(
          Conflict.class,
          "a process of before asks for the vector without a name again",
          () -> space.store().ensureCollection(before));
    }
  }

  private static VectorRecord numbered(int n) {
    return VectorRecord.of(RecordId.of(n), Samples.vector(1, n), Samples.payload("n", n));
  }

  private static void assertOrder(
      VectorCollection collection, SearchRequest search, List<RecordId> nearestFirst) {
    Near.records(collection, search)
        .ifPresent(found -> assertThat(found).extracting(VectorRecord::id).isEqualTo(nearestFirst));
  }
}
