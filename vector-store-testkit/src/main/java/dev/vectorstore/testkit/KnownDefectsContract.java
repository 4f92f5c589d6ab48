package dev.vectorstore.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.Filter;
import dev.vectorstore.Metric;
import dev.vectorstore.Payload;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.ScanRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Defects that public Java stores have or had, each as a test. (The seventh, a kit whose tests can
 * be switched off, is {@link ContractCheck}'s.)
 */
public interface KnownDefectsContract extends EngineContract {
  /** First: a group under "and" or "or" was dropped, and a delete took the whole collection. */
  @Test
  @Rule("D-04")
  default void aGroupInParenthesesIsNotDropped() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection collection = countries(space);
      Filter either = Filter.or(Filter.field("y").eq(1), Filter.field("y").eq(2));
      Filter group = Filter.and(Filter.field("country").eq("UK"), either);
      assertThat(collection.count(group)).isEqualTo(2);
      assertThat(collection.count(Filter.or(group, Filter.field("country").eq("FR")))).isEqualTo(5);
      collection.deleteWhere(group);
      assertThat(collection.count()).as("only the group was deleted").isEqualTo(5);
    }
  }

  /** Second: "(a or b) and c" was sent as "a or b and c". */
  @Test
  @Rule("D-04")
  default void anOrWithinAnAndKeepsItsPlace() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection collection = countries(space);
      Filter uk = Filter.field("country").eq("UK");
      Filter one = Filter.field("y").eq(1);
      Filter three = Filter.field("y").eq(3);
      assertThat(collection.count(Filter.and(Filter.or(uk, one), three))).isEqualTo(1);
      assertThat(collection.count(Filter.or(uk, Filter.and(one, three)))).isEqualTo(3);
      collection.deleteWhere(Filter.and(Filter.or(uk, one), three));
      assertThat(collection.count()).isEqualTo(6);
    }
  }

  /** Third: what "not equal" and "not in" said of missing keys depended on the engine. */
  @Test
  @Rule("D-04")
  default void everyNegationIncludesRecordsWithoutTheKey() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection collection = countries(space);
      Filter y = Filter.not(Filter.field("y").eq(1));
      assertThat(collection.count(y)).isEqualTo(5);
      assertThat(collection.count(Filter.not(Filter.field("y").in(1, 2)))).isEqualTo(3);
      assertThat(collection.count(Filter.field("y").lt(2020)))
          .as("a missing key is less than nothing")
          .isEqualTo(6);
      collection.deleteWhere(y);
      assertThat(collection.count()).isEqualTo(2);
    }
  }

  /** Fourth: two negations became one. */
  @Test
  @Rule("D-04")
  default void twoNegationsCancelOut() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection collection = countries(space);
      Filter uk = Filter.field("country").eq("UK");
      assertThat(collection.count(Filter.not(Filter.not(uk)))).isEqualTo(3);
      assertThat(collection.count(Filter.not(Filter.not(Filter.not(uk))))).isEqualTo(4);
      assertThat(collection.count(Filter.not(Filter.field("y").isNull()))).isEqualTo(7);
      collection.deleteWhere(Filter.not(Filter.not(uk)));
      assertThat(collection.count()).isEqualTo(4);
    }
  }

  /** Fifth: longs were stored as text, and a filter on a boolean failed. */
  @Test
  @Rule("D-04")
  default void longsAndBooleansAreFilteredAsWhatTheyAre() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection collection = space.create();
      long big = 1746714878034235396L;
      collection.upsert(
          Samples.record(1, Samples.payload("number", big, "flag", true)),
          Samples.record(2, Samples.payload("number", big + 1, "flag", false)),
          Samples.record(3, Samples.payload("number", Long.toString(big), "flag", "true")));
      assertThat(collection.count(Filter.field("number").eq(big))).isEqualTo(1);
      assertThat(collection.count(Filter.field("number").in(big, big + 1))).isEqualTo(2);
      assertThat(collection.count(Filter.field("number").gt(big))).isEqualTo(1);
      assertThat(collection.count(Filter.field("flag").eq(true))).isEqualTo(1);
      collection.deleteWhere(Filter.field("number").lte(big));
      assertThat(Samples.ids(Samples.all(collection))).hasSize(2).doesNotContain(RecordId.of(1));
    }
  }

  /** Sixth: deletes returned before they had happened. */
  @Test
  @Rule("D-06")
  default void aDeleteThatReturnedHasHappened() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection collection = space.create();
      for (int round = 0; round < 10; round++) {
        collection.upsert(Samples.records(200));
        collection.delete(Samples.ids(Samples.records(200)));
        assertThat(collection.count()).as("read at once, without waiting").isZero();
      }
    }
  }

  /** Eighth: one foreign row made every search fail. */
  @Test
  @Rule({"R-07", "R-10"})
  default void oneOddRecordSpoilsNoAnswer() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection collection = space.create();
      List<Payload> odd =
          List.of(
              Payload.empty(),
              Samples.payload("content", null),
              Samples.payload("content", 3.5, "number", "n/a"),
              Samples.payload("content", List.of(1, Map.of("a", true)), "number", Map.of()),
              Samples.payload("content", Map.of("x", Arrays.asList(null, false))),
              Samples.payload("instant", "yesterday", "flag", "maybe"),
              Samples.payload("content", "good", "number", 5));
      RoundTrip.assertEqual(collection, odd);
      assertThat(collection.count(Filter.field("number").gte(5))).isEqualTo(1);
      assertThat(collection.count(Filter.not(Filter.field("number").gte(5)))).isEqualTo(6);
    }
  }

  /** Ninth: an answer of more than 4 MiB was an error. */
  @Test
  @Rule("N-08")
  default void anAnswerMayBeLarge() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection collection = space.create(1536, Metric.DOT);
      Random random = new Random(1);
      List<VectorRecord> records =
          IntStream.range(0, 750)
              .mapToObj(
                  i ->
                      VectorRecord.of(
                          RecordId.of(i), Samples.vector(random, 1536), Samples.payload("i", i)))
              .toList();
      collection.upsert(records);
      ScanRequest onePage = ScanRequest.all().pageSize(750).projection(Projection.all());
      assertThat(Samples.scan(collection, onePage)).hasSize(750);
      assertThat(collection.fetch(Samples.ids(records), Projection.all())).isEqualTo(records);
    }
  }

  private static VectorCollection countries(Workspace space) {
    VectorCollection collection = space.create();
    collection.upsert(
        Samples.record(1, Samples.payload("country", "UK", "y", 1)),
        Samples.record(2, Samples.payload("country", "UK", "y", 2)),
        Samples.record(3, Samples.payload("country", "UK", "y", 3)),
        Samples.record(4, Samples.payload("country", "FR", "y", 1)),
        Samples.record(5, Samples.payload("country", "FR", "y", 2)),
        Samples.record(6, Samples.payload("country", "FR", "y", 3)),
        Samples.record(7, "other", true));
    return collection;
  }
}
