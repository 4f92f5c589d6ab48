package dev.vectorstore.qdrant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.CollectionSpec;
import dev.vectorstore.FieldPath;
import dev.vectorstore.FieldType;
import dev.vectorstore.Filter;
import dev.vectorstore.PatchReport;
import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Patches keep what lies beside the keys (terms, doubles, text ids) in step with them. */
@RequiresEngine(TestEngine.QDRANT)
class PatchTest extends OneCollection {
  private static final double HARD = 0.9999999999999999;

  private VectorCollection collection;

  @BeforeEach
  void make() {
    collection =
        bench
            .store()
            .ensureCollection(
                CollectionSpec.builder(name)
                    .field("text", FieldType.TERMS)
                    .field(FieldPath.of("meta", "body"), FieldType.TERMS)
                    .build());
  }

  @Test
  void termsFollowThePatchedText() {
    List<RecordId> ids = List.of(RecordId.of(1), RecordId.of("one"), RecordId.derived("one"));
    for (RecordId id : ids) {
      put(id, Map.of("text", "old words", "meta", Map.of("body", "inner words"), "n", 1));
    }
    patch(ids, Map.of("text", "new text"), List.of("meta"));
    assertThat(count(Filter.field("text").matchesText("old"))).isZero();
    assertThat(count(Filter.field("text").matchesText("new"))).isEqualTo(3);
    assertThat(count(Filter.field("meta", "body").matchesText("inner"))).isZero();
    assertThat(count(Filter.field("n").eq(1))).isEqualTo(3);
    assertThat(collection.fetch(RecordId.of("one")).orElseThrow().payload())
        .isEqualTo(Payload.of(Map.of("text", "new text", "n", 1)));
  }

  @Test
  void doublesFollowThePatchedValue() {
    RecordId id = RecordId.of(1);
    put(id, Map.of("a", HARD, "b", List.of(HARD, Map.of("c", HARD)), "d", 1));
    patch(List.of(id), Map.of("d", HARD), List.of());
    patch(List.of(id), Map.of("a", 1.0), List.of());
    Map<String, Object> expected =
        Map.of("a", 1.0, "b", List.of(HARD, Map.of("c", HARD)), "d", HARD);
    assertThat(payload(id)).isEqualTo(Payload.of(expected));
  }

  /** Qdrant's merge takes null for "remove the key". */
  @Test
  void aKeyCanBeSetToNull() {
    for (RecordId id : List.of(RecordId.of(1), RecordId.of("text"))) {
      put(id, Map.of("a", HARD, "b", 2, "text", "some words"));
      PatchReport report =
          collection.patchPayload(
              List.of(id),
              Payload.builder().put("b", null).put("c", HARD).build(),
              List.of("text"));
      assertThat(report).isEqualTo(new PatchReport(1, 0));
      Payload expected = Payload.builder().put("a", HARD).put("b", null).put("c", HARD).build();
      assertThat(payload(id)).isEqualTo(expected);
      assertThat(count(Filter.field("b").isNull())).isPositive();
      assertThat(count(Filter.field("text").matchesText("words"))).isZero();
    }
  }

  @Test
  void keysThatQdrantCannotAddressAreRemovedAndSet() {
    RecordId id = RecordId.of(1);
    put(id, Map.of("a\"b", 1, "c\\d", 2, "e.f", 3, "", 4, "g[0]", 5));
    patch(List.of(id), Map.of("c\\d", 7), List.of("a\"b", "e.f", "", "g[0]"));
    assertThat(payload(id)).isEqualTo(Payload.of(Map.of("c\\d", 7)));
  }

  /** Setting the payload of a missing id is an error to Qdrant, after it changed the others. */
  @Test
  void missingIdsAreCountedAndTheOthersPatched() {
    put(RecordId.of(1), Map.of("a", 1));
    PatchReport report =
        collection.patchPayload(
            List.of(RecordId.of(1), RecordId.of(2), RecordId.of("3")),
            Payload.of(Map.of("a", 2)),
            List.of());
    assertThat(report).isEqualTo(new PatchReport(1, 2));
    assertThat(collection.count(Filter.all())).isEqualTo(1);
  }

  @Test
  void racingPatchesAndUpsertsLeaveRecordAndTermsInStep() throws Exception {
    RecordId id = RecordId.of(1);
    put(id, Map.of("text", "start"));
    ExecutorService threads = Executors.newFixedThreadPool(4);
    List<Future<?>> racers = new ArrayList<>();
    for (int racer = 0; racer < 4; racer++) {
      int own = racer;
      racers.add(
          threads.submit(
              () -> {
                for (int i = 0; i < 10; i++) {
                  String text = "word" + own + "x" + i;
                  if (own == 0) {
                    put(id, Map.of("text", text, "from0", HARD * i));
                  } else {
                    patch(List.of(id), Map.of("text", text, "from" + own, HARD * i), List.of());
                  }
                }
              }));
    }
    for (Future<?> racer : racers) {
      racer.get();
    }
    threads.shutdown();
    String text = payload(id).text("text").orElseThrow();
    assertThat(count(Filter.field("text").matchesText(text))).isEqualTo(1);
    long matching = 0;
    for (int own = 0; own < 4; own++) {
      for (int i = 0; i < 10; i++) {
        matching += count(Filter.field("text").matchesText("word" + own + "x" + i));
      }
    }
    assertThat(matching).as("terms of one text alone").isEqualTo(1);
  }

  /** No patch is lost: each of them adds a key of its own. */
  @Test
  void racingPatchesOfDifferentKeysAllHold() throws Exception {
    RecordId id = RecordId.of(1);
    put(id, Map.of("text", "start"));
    ExecutorService threads = Executors.newFixedThreadPool(4);
    List<Future<?>> racers = new ArrayList<>();
    for (int racer = 0; racer < 4; racer++) {
      int own = racer;
      racers.add(
          threads.submit(
              () -> {
                for (int i = 0; i < 5; i++) {
                  Payload.Builder set = Payload.builder().put("k" + own + "_" + i, HARD);
                  // Every other one replaces the payload as a whole.
                  Payload keys = (i % 2 == 0 ? set : set.put("n" + own + "_" + i, null)).build();
                  collection.patchPayload(List.of(id), keys, List.of());
                }
              }));
    }
    for (Future<?> racer : racers) {
      racer.get();
    }
    threads.shutdown();
    assertThat(payload(id).keys()).hasSize(1 + 4 * (5 + 2));
    assertThat(payload(id).get("k3_4")).contains(new dev.vectorstore.Value.DoubleValue(HARD));
  }

  /** Finding H7: a handle of before a field was declared doesn't know where its terms are. */
  @Test
  void aHandleOfBeforeAFieldLeavesNoTermsOfTheOldText() {
    assertThat(count(Filter.all())).as("opened now").isZero();
    VectorCollection anew =
        bench
            .store()
            .ensureCollection(
                CollectionSpec.builder(name)
                    .field("late", FieldType.TERMS)
                    .field(FieldPath.of("deep", "late"), FieldType.TERMS)
                    .build());
    List<RecordId> ids = List.of(RecordId.of(1), RecordId.of(2), RecordId.of(3));
    for (RecordId id : ids) {
      Map<String, Object> texts = Map.of("late", "old", "deep", Map.of("late", "old"), "n", 1);
      anew.upsert(VectorRecord.of(id, Payload.of(texts)));
    }
    Map<String, Object> texts = Map.of("late", "new", "deep", Map.of("late", "new"));
    patch(ids.subList(0, 1), texts, List.of());
    patch(ids.subList(1, 2), Map.of("n", 2), List.of("late", "deep"));
    put(ids.get(2), texts);
    for (FieldPath field : List.of(FieldPath.of("late"), FieldPath.of("deep", "late"))) {
      assertThat(anew.count(field.matchesText("old"))).isZero();
      assertThat(anew.count(field.matchesText("new"))).isEqualTo(2);
      assertThat(anew.count(Filter.not(field.matchesText("new")))).isEqualTo(1);
    }
  }

  private void put(RecordId id, Map<String, ?> payload) {
    collection.upsert(VectorRecord.of(id, Payload.of(payload)));
  }

  private void patch(List<RecordId> ids, Map<String, ?> set, List<String> remove) {
    PatchReport report = collection.patchPayload(ids, Payload.of(set), remove);
    assertThat(report).isEqualTo(new PatchReport(ids.size(), 0));
  }

  private Payload payload(RecordId id) {
    return collection.fetch(id).orElseThrow().payload();
  }

  private long count(Filter filter) {
    return collection.count(filter);
  }
}
