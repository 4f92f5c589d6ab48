package dev.vectorstore.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.Metric;
import dev.vectorstore.Payload;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.ScanRequest;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Records as a whole: ids, reading, tearing. Section Records of docs/CONTRACT.md. */
public interface RecordsContract extends EngineContract {
  @Test
  @Rule("R-01")
  default void idsOfAllKindsComeBackAsTheyWere() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection collection = space.create();
      List<RecordId> ids = OddTexts.ids();
      List<VectorRecord> records = new ArrayList<>();
      for (int i = 0; i < ids.size(); i++) {
        records.add(
            VectorRecord.of(
                ids.get(i), Samples.vector(new Random(i), 4), Samples.payload("number", i)));
      }
      collection.upsert(records);
      assertThat(collection.count()).as("no two ids are one").isEqualTo(ids.size());
      assertThat(collection.fetch(ids, Projection.payload()))
          .as("fetch by ids of all kinds")
          .containsExactlyElementsOf(records.stream().map(VectorRecord::withoutVectors).toList());
      assertThat(Samples.all(collection))
          .as("ids as a scan returns them")
          .extracting(VectorRecord::id)
          .containsExactlyInAnyOrderElementsOf(ids);
      Near.assertFinds(
          "ids as a search returns them",
          collection,
          SearchRequest.nearest(Samples.vector(1, 0, 0, 0)).limit(1000),
          ids);
    }
  }

  @Test
  @Rule("R-01")
  default void idsThatLookAlikeAreDifferentRecords() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection collection = space.create();
      List<RecordId> alike = OddTexts.idsThatLookAlike();
      List<VectorRecord> records = new ArrayList<>();
      for (int i = 0; i < alike.size(); i++) {
        records.add(VectorRecord.of(alike.get(i), Samples.payload("number", i)));
      }
      collection.upsert(records);
      for (RecordId id : alike) {
        int before = (int) collection.count();
        collection.delete(List.of(id));
        assertThat(collection.fetch(id)).as("the record with %s id", id.kind()).isEmpty();
        assertThat(collection.count()).as("only one record goes by its id").isEqualTo(before - 1);
      }
    }
  }

  @Test
  @Rule("R-02")
  default void fetchKeepsTheOrderOfTheIds() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection collection = space.create();
      collection.upsert(Samples.records(30));
      List<RecordId> ids = Samples.ids(17, 3, 99, 29, 3, 0, 17, 1000, 8);
      assertThat(collection.fetch(ids, Projection.ids()))
          .as("in the order of the ids, each once, without those that aren't there")
          .extracting(VectorRecord::id)
          .containsExactlyElementsOf(Samples.ids(17, 3, 29, 0, 8));
      assertThat(collection.fetch(List.of(), Projection.all())).isEmpty();
      assertThat(collection.fetch(RecordId.of(12345))).isEmpty();
      List<RecordId> many = IntStream.range(0, 2500).mapToObj(i -> RecordId.of(2499 - i)).toList();
      assertThat(collection.fetch(many, Projection.ids()))
          .as("more ids than a request of an engine takes")
          .extracting(VectorRecord::id)
          .containsExactlyElementsOf(many.subList(2470, 2500));
    }
  }

  @Test
  @Rule("R-03")
  default void aProjectionReturnsWhatItNames() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection collection = space.create(3, Metric.DOT);
      Payload payload =
          Payload.builder().put("a", 1).put("a.b", 2).put("b", List.of(1.5)).put("", null).build();
      VectorRecord whole = VectorRecord.of(RecordId.of(1), Samples.vector(1, 2, 3), payload);
      collection.upsert(whole);
      List<Projection> projections =
          List.of(
              Projection.ids(),
              Projection.ids().withVectors(),
              Projection.payload(),
              Projection.all(),
              Projection.fields("a", "missing"),
              Projection.fields("a.b", "").withVectors(),
              Projection.fields(Payload.RESERVED_KEY));
      for (Projection projection : projections) {
        VectorRecord expected = projection.apply(whole);
        assertThat(collection.fetch(List.of(whole.id()), projection))
            .as("fetch with %s", projection)
            .containsExactly(expected);
        assertThat(Samples.scan(collection, ScanRequest.all().projection(projection)))
            .as("scan with %s", projection)
            .containsExactly(expected);
        SearchRequest search =
            SearchRequest.nearest(Samples.vector(1, 0, 0)).projection(projection);
        Near.records(collection, search)
            .ifPresent(
                found ->
                    assertThat(found).as("search with %s", projection).containsExactly(expected));
      }
    }
  }

  @Test
  @Rule("R-04")
  default void aRecordWithoutAVectorIsStoredAndNeverNear() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection collection = space.create();
      collection.upsert(
          Samples.record(1).withoutVectors(),
          Samples.record(2),
          Samples.record(3).withoutVectors());
      assertThat(collection.fetch(RecordId.of(1))).contains(Samples.record(1).withoutVectors());
      assertThat(collection.count()).isEqualTo(3);
      assertThat(Samples.all(collection)).hasSize(3);
      SearchRequest search = SearchRequest.nearest(Samples.vector(1, 1, 0, 0)).limit(100);
      Near.assertFinds("hits by vector", collection, search, Samples.ids(2));
      collection.upsert(Samples.record(2).withoutVectors());
      assertThat(collection.fetch(RecordId.of(2)).orElseThrow().vector())
          .as("replaced without a vector, a record has none")
          .isEmpty();
      Near.assertFinds("none has a vector", collection, search, List.of());
      collection.upsert(Samples.record(3));
      Near.assertFinds("it got a vector", collection, search, Samples.ids(3));
    }
  }

  @Test
  @Rule("R-05")
  default void aRecordIsNeverTorn() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection collection = space.create(8, Metric.DOT);
      RecordId id = RecordId.of(7);
      collection.upsert(version(id, 0));
      AtomicInteger writing = new AtomicInteger(4);
      Parallel.run(
          6,
          "a record is replaced as one: vector, payload and what is kept beside them",
          thread -> {
            if (thread < 4) {
              try {
                for (int i = 0; i < 40; i++) {
                  collection.upsert(version(id, 1 + thread * 40 + i));
                }
              } finally {
                writing.decrementAndGet();
              }
            } else {
              while (writing.get() > 0) {
                assertWhole(collection, id);
              }
            }
          });
      assertWhole(collection, id);
      assertThat(collection.count()).as("one id is one record").isEqualTo(1);
    }
  }

  /** A version whose vector and payload say the same number in several places. */
  private static VectorRecord version(RecordId id, int number) {
    double[] components = new double[8];
    Arrays.fill(components, number + 1);
    Payload payload =
        Payload.builder()
            .put("version", number)
            .put("text", "version " + number)
            .put("hard", number + 0.1 + 0.2)
            .put(number % 2 == 0 ? "even" : "odd", List.of(number))
            .build();
    return VectorRecord.of(id, Samples.vector(components), payload);
  }

  private static void assertWhole(VectorCollection collection, RecordId id) {
    VectorRecord read = collection.fetch(id).orElseThrow();
    Object number = read.payload().toMap().get("version");
    assertThat(read)
        .as("what was read is one of the versions, whole")
        .isEqualTo(version(id, ((Number) Objects.requireNonNull(number)).intValue()));
  }

  @Test
  @Rule("R-06")
  default void whatAnEngineKeepsForItselfIsNeverReturned() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection collection = space.create();
      Payload payload =
          Payload.builder()
              .put("content", "Some text with terms")
              .put("hard", 0.1 + 0.2)
              .put("inner", Map.of(Payload.RESERVED_KEY, 1, "__vsx", 2))
              .put("__vs2", 3)
              .build();
      RecordId id = RecordId.of("a text id");
      collection.upsert(VectorRecord.of(id, Samples.vector(1, 2, 3, 4), payload));
      assertThat(collection.fetch(id).orElseThrow().payload())
          .as("strip the reserved top-level key alone")
          .isEqualTo(payload);
      collection.patchPayload(List.of(id), Samples.payload("patched", 1e-7 / 3), Set.of("hard"));
      assertThat(Samples.all(collection).get(0).payload().keys())
          .containsExactlyInAnyOrder("content", "inner", "__vs2", "patched");
      Expect.invalid(
          "the reserved key in a user's payload",
          () -> collection.upsert(Samples.record(1, Payload.RESERVED_KEY, 1)));
      Expect.invalid(
          "the reserved key can't be removed by a patch",
          () ->
              collection.patchPayload(List.of(id), Payload.empty(), Set.of(Payload.RESERVED_KEY)));
      assertThat(collection.count()).isEqualTo(1);
    }
  }
}
