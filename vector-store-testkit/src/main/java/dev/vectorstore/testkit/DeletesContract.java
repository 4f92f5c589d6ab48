package dev.vectorstore.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.Capability;
import dev.vectorstore.Filter;
import dev.vectorstore.Payload;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.WriteBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Deletes never widen: section Deletes of docs/CONTRACT.md. */
public interface DeletesContract extends EngineContract {
  @Test
  @Rule("D-01")
  default void deleteRemovesTheseIdsAndNoOthers() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection collection = space.create();
      collection.upsert(Samples.records(20));
      VectorRecord text = VectorRecord.of(RecordId.of("3"), Payload.empty());
      collection.upsert(text);
      List<RecordId> gone =
          List.of(RecordId.of(3), RecordId.of(99), RecordId.of("no"), RecordId.of(4));
      collection.delete(gone);
      assertThat(collection.count()).as("ids that aren't there are ignored").isEqualTo(19);
      assertThat(collection.fetch(gone, Projection.ids())).isEmpty();
      assertThat(collection.fetch(text.id())).contains(text);
      collection.delete(gone);
      assertThat(collection.count()).as("repeated, a delete does nothing").isEqualTo(19);
      collection.delete(IntStream.range(0, 2500).mapToObj(RecordId::of).toList());
      assertThat(Samples.all(collection))
          .as("more ids than a request of an engine takes")
          .containsExactly(text);
    }
  }

  @Test
  @Rule("D-02")
  default void aFilterThatIsTrueForEveryRecordIsRefused() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection collection = space.create();
      collection.upsert(Samples.records(5));
      Filter some = Filter.field("n").eq(1);
      List<Filter> everything = new ArrayList<>();
      everything.add(Filter.all());
      everything.add(Filter.and(Filter.all()));
      everything.add(Filter.and(Filter.all(), Filter.or(Filter.all(), some)));
      everything.add(Filter.or(some, Filter.all()));
      everything.add(Filter.or(Filter.and(some, some), Filter.not(Filter.none())));
      everything.add(Filter.not(Filter.none()));
      everything.add(Filter.not(Filter.and(some, Filter.none())));
      everything.add(Filter.not(Filter.field("n").in(List.of())));
      everything.add(Filter.not(Filter.ids(List.of())));
      everything.add(Filter.not(Filter.or(Filter.ids(List.of()), Filter.none())));
      everything.add(Filter.containsJson(Payload.empty()));
      everything.add(Filter.not(Filter.not(Filter.containsJson(Payload.empty()))));
      Filter deep = Filter.all();
      for (int i = 0; i < 40; i++) {
        deep = Filter.not(i % 4 == 0 ? Filter.and(deep, deep) : Filter.or(deep, Filter.none()));
      }
      everything.add(deep);
      for (Filter filter : everything) {
        Expect.invalid(
            "deleteWhere never deletes all; that is deleteAll()",
            () -> collection.deleteWhere(filter));
        Expect.invalid(
            "nor does an atomic batch",
            () -> WriteBatch.builder().deleteWhere(collection.name(), filter));
        assertThat(collection.count()).as("records after %s", filter).isEqualTo(5);
      }
    }
  }

  @Test
  @Rule("D-03")
  default void aFilterThatIsTrueForNoRecordDeletesNothing() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection collection = space.create();
      collection.upsert(Samples.records(5));
      Filter some = Filter.field("n").gte(0);
      List<Filter> nothing =
          List.of(
              Filter.none(),
              Filter.not(Filter.all()),
              Filter.field("n").in(List.of()),
              Filter.ids(List.of()),
              Filter.and(some, Filter.none()),
              Filter.and(some, Filter.field("n").in(List.of())),
              Filter.or(Filter.none(), Filter.ids(List.of())),
              Filter.and(some, Filter.not(some)),
              Filter.and(some, Filter.field("missing").exists()),
              Filter.field("missing").eq("x"),
              Filter.field("n").eq("1"),
              Filter.ids(Samples.ids(77)));
      for (Filter filter : nothing) {
        collection.deleteWhere(filter);
        assertThat(collection.count()).as("records after %s", filter).isEqualTo(5);
      }
    }
  }

  @Test
  @Rule("D-04")
  default void deleteWhereDeletesWhatTheFilterSelects() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection collection = space.create();
      List<VectorRecord> records = varied();
      for (Filter filter : filters()) {
        collection.deleteAll();
        collection.upsert(records);
        Near.assertFinds(
            "search by " + filter,
            collection,
            SearchRequest.nearest(Samples.vector(1, 0, 0, 0)).filter(filter).limit(1000),
            records.stream().filter(filter::test).map(VectorRecord::id).toList());
        collection.deleteWhere(filter);
        assertThat(Samples.ids(Samples.all(collection)))
            .as("what is left by deleteWhere(%s)", filter)
            .containsExactlyInAnyOrderElementsOf(
                records.stream().filter(r -> !filter.test(r)).map(VectorRecord::id).toList());
      }
    }
  }

  /** Records that have the fields, lack them, or have them with other types. */
  private static List<VectorRecord> varied() {
    List<VectorRecord> records = new ArrayList<>();
    Object[] numbers = {1, 5, 5.0, 7.5, "5", true, List.of(5, 9), Map.of("n", 5)};
    for (int i = 0; i < 48; i++) {
      Payload.Builder payload = Payload.builder().put("i", i);
      if (i % 6 != 0) {
        payload.put("number", numbers[i % numbers.length]);
      }
      if (i % 5 != 0) {
        payload.put("keyword", i % 2 == 0 ? "UK" : "FR");
      }
      if (i % 7 == 0) {
        payload.put("a.b", null);
      }
      records.add(Samples.record(i, payload.build()));
    }
    return records;
  }

  private static List<Filter> filters() {
    Filter uk = Filter.field("keyword").eq("UK");
    Filter fr = Filter.field("keyword").eq("FR");
    Filter five = Filter.field("number").eq(5);
    Filter big = Filter.field("number").gt(5);
    return List.of(
        uk,
        Filter.and(uk, Filter.or(five, big)),
        Filter.or(Filter.and(uk, five), Filter.and(fr, big)),
        Filter.and(Filter.or(uk, five), fr),
        Filter.or(uk, fr),
        Filter.not(uk),
        Filter.not(Filter.not(uk)),
        Filter.not(big),
        Filter.not(Filter.and(uk, Filter.not(five))),
        Filter.and(Filter.not(uk), Filter.not(fr)),
        Filter.not(Filter.field("number").exists()),
        Filter.field("a.b").isNull(),
        Filter.field("a", "b").exists(),
        Filter.not(Filter.field("keyword").in("UK", "FR")),
        Filter.field("number", "n").eq(5),
        Filter.containsJson(Samples.payload("number", List.of(9))),
        Filter.and(Filter.ids(Samples.ids(1, 2, 3, 4, 5)), Filter.not(five)),
        Filter.not(Filter.ids(Samples.ids(1, 2, 3, 4, 5))),
        Filter.or(Filter.field("number").exists(), Filter.not(Filter.field("number").exists())));
  }

  @Test
  @Rule("D-05")
  default void deleteAllEmptiesTheCollectionAndKeepsIt() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection collection = space.create();
      VectorCollection beside = space.create();
      collection.upsert(Samples.records(1200));
      beside.upsert(Samples.records(2));
      var spec = collection.describe().spec();
      collection.deleteAll();
      assertThat(collection.count()).isZero();
      assertThat(Samples.all(collection)).isEmpty();
      assertThat(space.store().describe(collection.name()).spec()).isEqualTo(spec);
      collection.deleteAll();
      collection.upsert(Samples.records(3));
      assertThat(collection.count()).as("it takes records as before").isEqualTo(3);
      assertThat(beside.count()).isEqualTo(2);
    }
  }

  @Test
  @Rule("D-06")
  default void aDeleteIsVisibleWhenItReturns() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection collection = space.create();
      VectorCollection reader =
          space.has(Capability.REMOTE) ? space.another().collection(collection.name()) : collection;
      for (int round = 0; round < 15; round++) {
        String advice = "wait for the engine to apply a delete before returning";
        collection.upsert(Samples.records(40));
        collection.deleteWhere(Filter.field("n").lt(20));
        assertThat(reader.count()).as(advice).isEqualTo(20);
        collection.delete(Samples.ids(20, 21));
        assertThat(reader.count(Filter.field("n").lt(30))).as(advice).isEqualTo(8);
        collection.deleteAll();
        assertThat(reader.count()).as(advice).isZero();
      }
    }
  }

  @Test
  @Rule("D-07")
  default void aFilterTheCollectionCannotAnswerDeletesNothing() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection collection = space.create();
      collection.upsert(Samples.records(3));
      Expect.invalid(
          "terms of a field that isn't declared as text",
          () -> collection.deleteWhere(Filter.field("n").matchesText("word")));
      boolean terms = TextSamples.hasTerms(collection);
      assertThat(collection.count()).isEqualTo(3);
      Filter phrase = Filter.not(Filter.field("text").matchesPhrase("two words"));
      if (!collection.capabilities().contains(Capability.PHRASE)) {
        Expect.unsupported(() -> collection.deleteWhere(phrase));
        assertThat(collection.count()).isEqualTo(3);
      } else if (terms) {
        collection.upsert(Samples.record(9, "text", "in two WORDS"));
        collection.deleteWhere(phrase);
        assertThat(Samples.ids(Samples.all(collection))).isEqualTo(Samples.ids(9));
      }
    }
  }
}
