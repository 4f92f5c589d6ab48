package dev.vectorstore.qdrant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.CollectionSpec;
import dev.vectorstore.FieldPath;
import dev.vectorstore.FieldType;
import dev.vectorstore.Filter;
import dev.vectorstore.Page;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.WriteMode;
import dev.vectorstore.support.Batch;
import dev.vectorstore.support.Bounds;
import dev.vectorstore.support.ScanQuery;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Trap 3: an upper bound never loses a record, under any nesting of complements. */
@RequiresEngine(TestEngine.QDRANT)
class FilterBoundsTest {
  private static final int RECORDS = 500;
  private static final int FILTERS = 250;
  private static final long SEED = 20_241_122;

  enum Declared {
    TEXT_ALONE,
    EVERYTHING,
    EVERYTHING_LATE
  }

  @ParameterizedTest
  @EnumSource(Declared.class)
  void randomFiltersSelectAtLeastWhatTheyMeanAndExactlyWhereTheySaySo(Declared declared) {
    RandomFilters random = new RandomFilters(SEED);
    List<VectorRecord> records = new ArrayList<>();
    for (int i = 0; i < RECORDS; i++) {
      records.add(VectorRecord.of(RandomFilters.id(i), random.payload()));
    }
    try (Bench bench = new Bench()) {
      QdrantCollection collection = collection(bench, declared, records);
      int exact = 0;
      for (int i = 0; i < FILTERS; i++) {
        Filter filter = random.filter(3);
        exact += check(collection, filter, records) ? 1 : 0;
        exact += check(collection, Filter.not(filter), records) ? 1 : 0;
      }
      assertThat(exact).as("many filters are native").isGreaterThan(FILTERS / 3);
      bench.store().drop(collection.info().name());
    }
  }

  /** An upper bound of a text predicate, taken for what is meant, would delete more. */
  @Test
  void whatIsSaidOfPartsAndOrdersOfTextsIsTestedAlsoBeforeADelete() {
    try (Bench bench = new Bench()) {
      QdrantCollection collection =
          bench.open(
              CollectionSpec.builder(Bench.freshName()).field("key", FieldType.KEYWORD).build());
      FieldPath key = FieldPath.of("key");
      for (Filter filter :
          List.of(key.gt("a"), key.lte(""), key.contains("a"), key.containsText("a"))) {
        for (Filter each : List.of(filter, Filter.not(filter), Filter.and(filter, key.exists()))) {
          assertThat(collection.compile(each).exact()).as("%s", each).isFalse();
        }
      }
      bench.store().drop(collection.info().name());
    }
  }

  private static QdrantCollection collection(
      Bench bench, Declared declared, List<VectorRecord> records) {
    String name = Bench.freshName();
    CollectionSpec.Builder plain = CollectionSpec.builder(name);
    CollectionSpec.Builder full = CollectionSpec.builder(name);
    RandomFilters.TEXTS.forEach(
        text -> {
          full.field(text, FieldType.TERMS);
          plain.field(text, FieldType.TERMS);
        });
    full.field("num", FieldType.NUMBER)
        .field("key", FieldType.KEYWORD)
        .field("flag", FieldType.BOOLEAN)
        .field("at", FieldType.INSTANT)
        .field("any", FieldType.NUMBER)
        .field(FieldPath.of("meta", "num"), FieldType.NUMBER)
        .field("dot.ted", FieldType.KEYWORD)
        .field("odd\"key", FieldType.KEYWORD);
    CollectionSpec first =
        switch (declared) {
          case TEXT_ALONE -> plain.build();
          case EVERYTHING -> full.build();
          case EVERYTHING_LATE -> CollectionSpec.builder(name).build();
        };
    QdrantCollection early = bench.open(first);
    early.write(Batch.of(records.subList(0, RECORDS / 2)), WriteMode.REPLACE, Bench.ATTEMPT);
    QdrantCollection late = declared == Declared.EVERYTHING_LATE ? bench.open(full.build()) : early;
    late.write(Batch.of(records.subList(RECORDS / 2, RECORDS)), WriteMode.REPLACE, Bench.ATTEMPT);
    return late;
  }

  private static boolean check(
      QdrantCollection collection, Filter filter, List<VectorRecord> records) {
    Bounds<io.qdrant.client.grpc.Common.Filter> bounds = collection.compile(filter);
    ScanQuery<io.qdrant.client.grpc.Common.Filter> query =
        new ScanQuery<>(bounds.upper(), null, 2 * RECORDS, Projection.ids());
    Page page = collection.scan(query, Bench.ATTEMPT);
    Set<RecordId> found = page.records().stream().map(VectorRecord::id).collect(Collectors.toSet());
    Set<RecordId> meant =
        records.stream().filter(filter::test).map(VectorRecord::id).collect(Collectors.toSet());
    if (bounds.exact()) {
      assertThat(found).as("exact %s as %s", filter, bounds.upper()).isEqualTo(meant);
      assertThat(collection.count(bounds, Bench.ATTEMPT)).isEqualTo(meant.size());
    } else {
      assertThat(found).as("upper %s as %s", filter, bounds.upper()).containsAll(meant);
    }
    return bounds.exact();
  }
}
