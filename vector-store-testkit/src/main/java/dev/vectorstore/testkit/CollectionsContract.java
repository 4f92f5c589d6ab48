package dev.vectorstore.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.Capability;
import dev.vectorstore.CollectionSpec;
import dev.vectorstore.FieldPath;
import dev.vectorstore.FieldType;
import dev.vectorstore.IdKind;
import dev.vectorstore.Metric;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException.Conflict;
import dev.vectorstore.VectorStoreException.NotFound;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Making, describing and dropping collections: section Collections of docs/CONTRACT.md. */
public interface CollectionsContract extends EngineContract {
  @Test
  @Rule("C-01")
  default void ensureCollectionCanBeRepeated() {
    try (Workspace space = Workspace.of(this)) {
      if (!space.has(Capability.MANAGE)) {
        CollectionSpec spec = CollectionSpec.builder("refused").build();
        Expect.unsupported(() -> space.store().ensureCollection(spec));
        Expect.unsupported(() -> space.store().drop("refused"));
        throw DoesNotBind.refused(Capability.MANAGE);
      }
      CollectionSpec spec = space.spec(4, Metric.COSINE).build();
      space.store().ensureCollection(spec).upsert(Samples.records(3));
      VectorCollection again = space.store().ensureCollection(spec);
      assertThat(again.count()).as("records after ensuring the same again").isEqualTo(3);
      assertThat(again.name()).isEqualTo(spec.name());
    }
  }

  @Test
  @Rule("C-02")
  default void ensureCollectionCanBeRaced() {
    try (Workspace space = Workspace.of(this)) {
      for (int round = 0; round < 3; round++) {
        CollectionSpec spec =
            space
                .spec(4, Metric.COSINE)
                .field("keyword", FieldType.KEYWORD)
                .label("model", "m")
                .build();
        Parallel.run(
            8,
            "all racers get the collection: treat \"exists already\" as made and compare",
            i -> space.store().ensureCollection(spec).upsert(Samples.record(i)));
        VectorCollection made = space.store().collection(spec.name());
        assertThat(made.count()).as("no racer replaced what another had made").isEqualTo(8);
        assertThat(made.describe().spec()).isEqualTo(spec);
      }
    }
  }

  @Test
  @Rule("C-03")
  default void anotherDimensionOrMetricIsAConflict() {
    try (Workspace space = Workspace.of(this)) {
      VectorStore store = space.store();
      CollectionSpec spec = space.spec(4, Metric.COSINE).build();
      store.ensureCollection(spec).upsert(Samples.records(2));
      String advice = "compare dimension and metric with what is there";
      Expect.failure(
          Conflict.class,
          advice,
          () -> store.ensureCollection(spec.toBuilder().vectors(5, Metric.COSINE).build()));
      Expect.failure(
          Conflict.class,
          advice,
          () -> store.ensureCollection(spec.toBuilder().vectors(4, Metric.DOT).build()));
      Expect.failure(
          Conflict.class,
          "vectors are asked for or not",
          () -> store.ensureCollection(CollectionSpec.builder(spec.name()).build()));
      assertThat(store.describe(spec.name()).spec()).isEqualTo(spec);
      assertThat(store.collection(spec.name()).count()).as("nothing was changed").isEqualTo(2);
    }
  }

  @Test
  @Rule("C-04")
  default void missingFieldsAndLabelsAreAdded() {
    try (Workspace space = Workspace.of(this)) {
      VectorStore store = space.store();
      CollectionSpec plain =
          space
              .spec(4, Metric.COSINE)
              .field("source_id", FieldType.KEYWORD)
              .label("model", "minilm")
              .build();
      store.ensureCollection(plain).upsert(Samples.record(1, "year", 2024));
      CollectionSpec more =
          CollectionSpec.builder(plain.name())
              .vectors(4, Metric.COSINE)
              .field("year", FieldType.NUMBER)
              .label("owner", "docs")
              .build();
      store.ensureCollection(more);
      CollectionSpec expected =
          plain.toBuilder().field("year", FieldType.NUMBER).label("owner", "docs").build();
      assertThat(store.describe(plain.name()).spec())
          .as("what was declared stays, what is new is added")
          .isEqualTo(expected);
      assertThat(store.collection(plain.name()).count()).isEqualTo(1);
    }
  }

  @Test
  @Rule("C-12")
  default void anotherTypeOfADeclaredFieldIsAConflict() {
    try (Workspace space = Workspace.of(this)) {
      VectorStore store = space.store();
      List<FieldType> types = new ArrayList<>(List.of(FieldType.values()));
      types.remove(FieldType.TEXT);
      CollectionSpec.Builder every = space.spec(4, Metric.COSINE);
      types.forEach(type -> every.field(FieldPath.of("meta", type.name()), type));
      CollectionSpec spec = every.build();
      store.ensureCollection(spec).upsert(Samples.records(2));
      for (FieldType declared : types) {
        for (FieldType other : types) {
          if (other != declared) {
            CollectionSpec wanted =
                spec.toBuilder()
                    .field("added", FieldType.NUMBER)
                    .field(FieldPath.of("meta", declared.name()), other)
                    .label("added", "too")
                    .build();
            Expect.failure(
                Conflict.class,
                "the type of a field that is there is compared",
                () -> store.ensureCollection(wanted));
          }
        }
      }
      assertThat(store.describe(spec.name()).spec()).as("nothing was changed").isEqualTo(spec);
      assertThat(store.ensureCollection(spec).count()).isEqualTo(2);
    }
  }

  @Test
  @Rule("C-05")
  default void describeGivesTheSpecificationBack() {
    try (Workspace space = Workspace.of(this)) {
      for (Metric metric : Metric.values()) {
        CollectionSpec spec =
            space
                .spec(3, metric)
                .field(FieldPath.of("metadata", "a.b"), FieldType.KEYWORD)
                .field(FieldPath.of("metadata", "b"), FieldType.NUMBER)
                .field("it's", FieldType.BOOLEAN)
                .field("at %_", FieldType.INSTANT)
                .field("content", FieldType.TERMS)
                .label("model", "größe-\uD83D\uDE80")
                .label("with \"quotes\".and dots", "x")
                .idKinds(IdKind.NUMBER, IdKind.TEXT)
                .build();
        space.store().ensureCollection(spec);
        assertThat(space.store().describe(spec.name()).spec()).isEqualTo(spec);
        assertThat(space.store().collection(spec.name()).describe().spec()).isEqualTo(spec);
      }
    }
  }

  @Test
  @Rule("C-05")
  default void aCollectionDeclaresNoMoreThanItsStore() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection collection = space.create();
      assertThat(space.store().capabilities())
          .as("VectorStore.capabilities() is the most that a collection can do")
          .containsAll(collection.capabilities());
    }
  }

  @Test
  @Rule("C-05")
  default void aCollectionThatWasMadeHasNoUnreadColumns() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection collection = space.create();
      collection.upsert(Samples.record(1));
      assertThat(collection.describe().unreadColumns())
          .as("columns of tables that others made, and nothing that a record shows")
          .isEmpty();
      assertThat(space.store().describe(collection.name()).unreadColumns()).isEmpty();
    }
  }

  @Test
  @Rule("C-08")
  default void collectionsAreListedSorted() {
    try (Workspace space = Workspace.of(this)) {
      List<String> made =
          List.of(
              space.create(2, Metric.DOT).name(),
              space.create(2, Metric.DOT).name(),
              space.create(2, Metric.DOT).name());
      assertThat(space.store().collections()).isSorted().containsAll(made);
      String unmade = space.freshName();
      assertThat(space.store().collections()).doesNotContain(unmade);
      assertThat(space.store().exists(unmade)).isFalse();
      assertThat(space.store().exists(made.get(0))).isTrue();
    }
  }

  @Test
  @Rule("C-09")
  default void dropRemovesACollectionWithItsRecords() {
    try (Workspace space = Workspace.of(this)) {
      VectorStore store = space.store();
      CollectionSpec spec = space.spec(4, Metric.COSINE).build();
      assertThat(store.drop(spec.name())).as("drop of what isn't there").isFalse();
      store.ensureCollection(spec).upsert(Samples.records(5));
      assertThat(store.drop(spec.name())).as("drop of what is there").isTrue();
      assertThat(store.exists(spec.name())).isFalse();
      assertThat(store.collections()).doesNotContain(spec.name());
      Expect.failure(NotFound.class, "describe after drop", () -> store.describe(spec.name()));
      assertThat(store.drop(spec.name())).as("drop again").isFalse();
      assertThat(store.ensureCollection(spec).count()).as("made anew, it is empty").isZero();
    }
  }

  @Test
  @Rule("C-10")
  default void aSchemaChangedSinceItWasReadIsAConflict() {
    try (Workspace space = Workspace.of(this)) {
      VectorStore store = space.store();
      CollectionSpec spec = space.spec(4, Metric.COSINE).build();
      VectorCollection stale = store.ensureCollection(spec);
      stale.upsert(Samples.records(2));
      store.drop(spec.name());
      VectorCollection fresh =
          store.ensureCollection(spec.toBuilder().vectors(6, Metric.COSINE).build());
      String advice = "the engine refuses the dimension that the collection had when it was read";
      Expect.failure(Conflict.class, advice, () -> stale.upsert(Samples.record(1)));
      Expect.failure(
          Conflict.class,
          advice,
          () -> stale.search(SearchRequest.nearest(Samples.vector(1, 0, 0, 0))));
      assertThat(fresh.count()).isZero();
    }
  }

  @Test
  @Rule("C-11")
  default void aCollectionWithoutVectorsHoldsPayloads() {
    try (Workspace space = Workspace.of(this)) {
      CollectionSpec spec =
          CollectionSpec.builder(space.freshName()).field("k", FieldType.KEYWORD).build();
      VectorCollection sources = space.store().ensureCollection(spec);
      assertThat(sources.describe().spec().dimension()).isEmpty();
      assertThat(sources.describe().spec().metric()).isEmpty();
      sources.upsert(Samples.record(1, "k", "v").withoutVectors());
      assertThat(sources.fetch(Samples.record(1).id()))
          .contains(Samples.record(1, "k", "v").withoutVectors());
      Expect.invalid("a vector has no place here", () -> sources.upsert(Samples.record(2)));
      Expect.invalid(
          "nothing here can be near a vector",
          () -> sources.search(SearchRequest.nearest(Samples.vector(1, 0))));
      assertThat(sources.count()).isEqualTo(1);
    }
  }
}
