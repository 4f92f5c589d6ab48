package dev.vectorstore.qdrant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.CollectionSpec;
import dev.vectorstore.FieldPath;
import dev.vectorstore.FieldType;
import dev.vectorstore.Filter;
import dev.vectorstore.Payload;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.ScanRequest;
import dev.vectorstore.Value;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestEngine;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every predicate on values that read as those of another type, whatever index the field has: each
 * record is selected if it matches, and only then. A check is the question of one record.
 */
@RequiresEngine(TestEngine.QDRANT)
class IndexTypesTest extends OneCollection {
  private static final FieldPath P = FieldPath.of("p");
  private static final String UUID = "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11";

  /** A hundred thousand in all types, by {@code -Dlong=true}. */
  private static final int CHECKS = Boolean.getBoolean("long") ? 100_000 : 20_000;

  private static final List<Value> VALUES = values();

  /** The indexes that Qdrant has, by those who declare fields and by others. */
  enum Index {
    NONE,
    DECLARED_KEYWORD,
    DECLARED_NUMBER,
    DECLARED_BOOLEAN,
    DECLARED_INSTANT,
    DECLARED_TERMS,
    KEYWORD,
    INTEGER,
    FLOAT,
    BOOL,
    DATETIME,
    UUID,
    GEO,
    TEXT
  }

  private static List<Value> values() {
    List<Value> values = new ArrayList<>();
    for (String text :
        List.of(
            UUID,
            UUID.toUpperCase(Locale.ROOT),
            UUID.replace("-", ""),
            "{" + UUID + "}",
            "urn:uuid:" + UUID,
            UUID.substring(1) + "g",
            "word",
            "",
            "3",
            "3.5",
            "true",
            "null",
            "2024-01-02",
            "2024-01-02T00:00:00Z",
            "2024-01-02T01:00:00+01:00",
            "2024-01-02 00:00:00",
            "1704153600")) {
      values.add(Value.of(text));
    }
    for (double number : new double[] {3.5, 3.0, -3.5, 1704153600.0, 0.1 + 0.2, 9.2e18}) {
      values.add(Value.of(number));
    }
    for (long number : new long[] {3, 4, -3, 0, 1704153600L, Long.MAX_VALUE, (1L << 53) + 1}) {
      values.add(Value.of(number));
    }
    values.add(Value.of(true));
    values.add(Value.of(false));
    return values;
  }

  private static List<VectorRecord> records(Random random) {
    List<Value> whole = new ArrayList<>(VALUES);
    whole.add(Value.NullValue.NULL);
    whole.add(new Value.ListValue(List.of()));
    whole.add(new Value.ObjectValue(Map.of()));
    whole.add(new Value.ObjectValue(Map.of("lon", Value.of(1.0), "lat", Value.of(2.0))));
    for (Value value : VALUES) {
      whole.add(new Value.ListValue(List.of(any(random), value, Value.NullValue.NULL)));
      whole.add(new Value.ListValue(List.of(new Value.ListValue(List.of(value)))));
    }
    List<VectorRecord> records = new ArrayList<>();
    for (Value value : whole) {
      Map<String, Value> entries = new LinkedHashMap<>(Map.of("p", value));
      records.add(
          VectorRecord.of(RecordId.of(records.size()), Payload.of(new Value.ObjectValue(entries))));
    }
    records.add(VectorRecord.of(RecordId.of(records.size()), Payload.empty()));
    return records;
  }

  private static Value any(Random random) {
    return VALUES.get(random.nextInt(VALUES.size()));
  }

  /** All predicates there are, with operands that read as another type. */
  private static List<Filter> predicates(Value operand, Random random) {
    List<Filter> filters =
        new ArrayList<>(
            List.of(
                P.eq(operand),
                P.in(List.of(operand)),
                P.in(List.of(operand, any(random), any(random))),
                Filter.containsJson(Payload.of(new Value.ObjectValue(Map.of("p", operand)))),
                P.containsJson(new Value.ListValue(List.of(operand))),
                P.exists(),
                P.isNull(),
                P.gte(Instant.parse("2024-01-02T00:00:00Z")),
                P.lt(Instant.parse("2024-01-02T00:00:00.000001Z"))));
    if (operand instanceof Value.StringValue text) {
      Collections.addAll(
          filters,
          P.gt(text.value()),
          P.lte(text.value()),
          P.contains(text.value().isEmpty() ? "2" : text.value()),
          P.containsText(text.value().isEmpty() ? "W" : text.value()));
    } else if (operand.toObject() instanceof Number number) {
      Collections.addAll(filters, P.gt(number), P.gte(number), P.lt(number), P.lte(number));
    }
    return filters;
  }

  @ParameterizedTest
  @EnumSource(Index.class)
  void everyRecordIsSelectedIfItMatchesAndOnlyThen(Index index) {
    Random random = new Random(index.name().hashCode());
    List<VectorRecord> records = records(random);
    VectorCollection collection = collection(index);
    collection.upsert(records);
    for (int checks = 0; checks < CHECKS / Index.values().length; ) {
      for (Filter filter : predicates(any(random), random)) {
        Filter either = random.nextInt(3) == 0 ? Filter.not(filter) : filter;
        assertSelects(collection, either, records);
        checks += records.size();
      }
    }
    assertDeletes(collection, P.eq(UUID), records);
  }

  /** With an index of UUIDs, which others make, the server takes no record with such a text. */
  @ParameterizedTest
  @EnumSource(value = Index.class, names = "UUID", mode = EnumSource.Mode.EXCLUDE)
  void aTextThatOnlyBeginsLikeAUuidIsEqualToItself(Index index) {
    VectorCollection collection = collection(index);
    List<VectorRecord> records = new ArrayList<>();
    for (String text : List.of("{}", "{a}", "urn:uuid:", "URN:UUID:{}", "word")) {
      records.add(VectorRecord.of(RecordId.of(records.size()), Payload.of(Map.of("p", text))));
    }
    collection.upsert(records);
    for (String text : List.of("{}", "{a}", "urn:uuid:", "URN:UUID:{}")) {
      assertSelects(collection, P.eq(text), records);
      assertSelects(collection, Filter.not(P.eq(text)), records);
      assertSelects(collection, P.in(text, 5), records);
      assertSelects(collection, P.in(text, "word"), records);
    }
    assertDeletes(collection, P.eq("{}"), records);
  }

  private static void assertSelects(
      VectorCollection collection, Filter filter, List<VectorRecord> records) {
    Set<RecordId> meant =
        records.stream().filter(filter::test).map(VectorRecord::id).collect(Collectors.toSet());
    Set<RecordId> found =
        collection
            .scan(ScanRequest.all().filter(filter).projection(Projection.ids()))
            .records()
            .stream()
            .map(VectorRecord::id)
            .collect(Collectors.toSet());
    assertThat(found).as("%s", filter).isEqualTo(meant);
    assertThat(collection.count(filter)).as("count of %s", filter).isEqualTo(meant.size());
  }

  private static void assertDeletes(
      VectorCollection collection, Filter filter, List<VectorRecord> records) {
    collection.deleteWhere(filter);
    assertSelects(
        collection,
        Filter.or(filter, Filter.not(filter)),
        records.stream().filter(record -> !filter.test(record)).toList());
  }

  private VectorCollection collection(Index index) {
    CollectionSpec.Builder spec = CollectionSpec.builder(name);
    if (index.name().startsWith("DECLARED_")) {
      spec.field(P, FieldType.valueOf(index.name().substring("DECLARED_".length())));
    }
    bench.store().ensureCollection(spec.build()).describe();
    if (index != Index.NONE && !index.name().startsWith("DECLARED_")) {
      String type = index.name().charAt(0) + index.name().substring(1).toLowerCase(Locale.ROOT);
      index("p", io.qdrant.client.grpc.Points.FieldType.valueOf("FieldType" + type));
    }
    return bench.store().collection(name);
  }
}
