package dev.vectorstore.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.CollectionSpec;
import dev.vectorstore.FieldType;
import dev.vectorstore.Filter;
import dev.vectorstore.Metric;
import dev.vectorstore.Page;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.ScanRequest;
import dev.vectorstore.SearchHit;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The index selects exactly the records that the meaning of a filter selects. */
class FilterSelectionTest {
  private static final int RECORDS = 400;
  private static final int FILTERS = 350;
  private static final int DIMENSION = 5;

  private final VectorStore store = Embedded.inMemory().open();

  @AfterEach
  void close() {
    store.close();
  }

  private static CollectionSpec.Builder spec() {
    return CollectionSpec.builder("things").vectors(DIMENSION, Metric.COSINE);
  }

  private static CollectionSpec textSpec() {
    return spec()
        .field(RandomData.TEXT, FieldType.TERMS)
        .field(RandomData.DEEP_TEXT, FieldType.TERMS)
        .build();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void selectsWhatTheFilterMeans(long seed) {
    RandomData data = new RandomData(seed);
    VectorCollection collection = store.ensureCollection(textSpec());
    Map<RecordId, VectorRecord> model = fill(collection, data);
    checkFilters(collection, data, model);
  }

  @Test
  void selectsByTextThatWasDeclaredLater() {
    RandomData data = new RandomData(4);
    Map<RecordId, VectorRecord> model = fill(store.ensureCollection(spec().build()), data);
    VectorCollection collection = store.ensureCollection(textSpec());
    for (VectorRecord record : data.records(RECORDS / 10, DIMENSION)) {
      collection.upsert(record);
      model.put(record.id(), record);
    }
    checkFilters(collection, data, model);
  }

  @Test
  void deletesWhatTheFilterMeansAndNothingElse() {
    RandomData data = new RandomData(5);
    VectorCollection collection = store.ensureCollection(textSpec());
    Map<RecordId, VectorRecord> model = fill(collection, data);
    List<VectorRecord> all = List.copyOf(model.values());
    for (int i = 0; i < 40; i++) {
      Filter filter = Filter.and(data.filter(2, all), data.filter(1, all));
      if (!filter.isAll()) {
        collection.deleteWhere(filter);
        model.values().removeIf(filter::test);
        assertThat(scanned(collection, Filter.all(), 100)).isEqualTo(ids(model, Filter.all()));
      }
    }
  }

  @Test
  void answersFiltersOfMoreParts() {
    RandomData data = new RandomData(6);
    VectorCollection collection = store.ensureCollection(textSpec());
    Map<RecordId, VectorRecord> model = fill(collection, data);
    List<VectorRecord> all = List.copyOf(model.values());
    List<Filter> parts = new ArrayList<>();
    for (int i = 0; i < 3_000; i++) {
      parts.add(data.filter(2, all));
    }
    Filter some = Filter.and(Filter.or(parts.subList(0, 1_500)), Filter.not(parts.get(1_600)));
    assertThat(scanned(collection, some, 50)).isEqualTo(ids(model, some));
  }

  /** Many segments, with replaced and deleted records in them. */
  private static Map<RecordId, VectorRecord> fill(VectorCollection collection, RandomData data) {
    Map<RecordId, VectorRecord> model = new HashMap<>();
    List<VectorRecord> records = data.records(RECORDS, DIMENSION);
    List<VectorRecord> replaced = data.records(RECORDS, DIMENSION);
    for (int from = 0; from < RECORDS; from += 40) {
      collection.upsert(replaced.subList(from, from + 20));
      collection.upsert(records.subList(from, from + 40));
      collection.count(Filter.all());
    }
    records.forEach(record -> model.put(record.id(), record));
    replaced.stream()
        .filter(record -> !model.containsKey(record.id()))
        .forEach(record -> collection.delete(List.of(record.id())));
    return model;
  }

  private static void checkFilters(
      VectorCollection collection, RandomData data, Map<RecordId, VectorRecord> model) {
    List<VectorRecord> all = List.copyOf(model.values());
    int selective = 0;
    for (int i = 0; i < FILTERS; i++) {
      Filter filter = data.filter(3, all);
      Set<RecordId> expected = ids(model, filter);
      assertThat(collection.count(filter)).as("%s", filter).isEqualTo(expected.size());
      assertThat(scanned(collection, filter, 20 + i)).as("%s", filter).isEqualTo(expected);
      assertThat(found(collection, filter, data))
          .as("%s", filter)
          .isEqualTo(withVector(model, expected));
      selective += !expected.isEmpty() && expected.size() < model.size() ? 1 : 0;
    }
    assertThat(selective).as("filters that tell records apart").isGreaterThan(FILTERS / 3);
  }

  private static Set<RecordId> ids(Map<RecordId, VectorRecord> model, Filter filter) {
    return model.values().stream()
        .filter(filter::test)
        .map(VectorRecord::id)
        .collect(Collectors.toSet());
  }

  private static Set<RecordId> withVector(Map<RecordId, VectorRecord> model, Set<RecordId> ids) {
    return ids.stream()
        .filter(id -> model.get(id).vector().isPresent())
        .collect(Collectors.toSet());
  }

  private static Set<RecordId> found(VectorCollection collection, Filter filter, RandomData data) {
    return collection
        .search(SearchRequest.nearest(data.vector(DIMENSION)).filter(filter).limit(1_000))
        .stream()
        .map(SearchHit::id)
        .collect(Collectors.toSet());
  }

  private static Set<RecordId> scanned(VectorCollection collection, Filter filter, int pageSize) {
    List<RecordId> ids = new ArrayList<>();
    ScanRequest request =
        ScanRequest.all().filter(filter).pageSize(pageSize).projection(Projection.ids());
    Optional<ScanRequest> next = Optional.of(request);
    while (next.isPresent()) {
      Page page = collection.scan(next.get());
      page.records().forEach(record -> ids.add(record.id()));
      next = page.next().map(request::from);
    }
    assertThat(ids).isSorted();
    return Set.copyOf(ids);
  }
}
