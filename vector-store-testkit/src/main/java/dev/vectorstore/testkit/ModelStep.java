package dev.vectorstore.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.Capability;
import dev.vectorstore.Filter;
import dev.vectorstore.Metric;
import dev.vectorstore.Payload;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.ScanRequest;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.WriteMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * A step of the model test.
 *
 * @param text the step as a failure prints it
 * @param check takes it on the engine and on the model, and compares the answers
 */
record ModelStep(String text, BiConsumer<VectorCollection, VectorCollection> check) {
  private static final int DIMENSION = 4;

  /** Steps that follow from a seed. */
  static List<ModelStep> random(long seed, int count, Set<Capability> capabilities) {
    Random random = new Random(seed);
    RandomPayloads payloads = new RandomPayloads(random);
    RandomFilters filters = new RandomFilters(random, capabilities);
    List<ModelStep> steps = new ArrayList<>();
    while (steps.size() < count) {
      steps.add(
          switch (random.nextInt(10)) {
            case 0, 1, 2 -> upsert(payloads, random, capabilities);
            case 3 -> patch(payloads);
            case 4 -> delete(payloads);
            case 5 -> deleteWhere(filters);
            case 6 -> count(filters.filter());
            case 7 -> scan(filters.filter());
            default -> search(payloads, filters.filter(), random, capabilities);
          });
    }
    steps.add(scan(Filter.all()));
    return steps;
  }

  private static ModelStep upsert(
      RandomPayloads payloads, Random random, Set<Capability> capabilities) {
    List<VectorRecord> records = new ArrayList<>();
    int count = 1 + random.nextInt(6);
    for (int i = 0; i < count; i++) {
      records.add(payloads.record(DIMENSION));
    }
    WriteMode mode =
        random.nextInt(4) == 0 && capabilities.contains(Capability.INSERT_ONLY)
            ? WriteMode.INSERT_ONLY
            : WriteMode.REPLACE;
    return new ModelStep(
        "upsert " + mode + " " + show(records),
        (engine, model) -> {
          engine.upsert(records, mode);
          model.upsert(records, mode);
        });
  }

  private static String show(List<VectorRecord> records) {
    return records.stream()
        .map(
            r ->
                r.id()
                    + (r.vector().isPresent() ? " with" : " without")
                    + " a vector "
                    + r.payload())
        .toList()
        .toString();
  }

  private static ModelStep patch(RandomPayloads payloads) {
    List<RecordId> ids = List.of(payloads.id(), payloads.id());
    Payload set = payloads.payload();
    List<String> remove = List.of(payloads.pick(RandomPayloads.PATHS).get(0));
    return new ModelStep(
        "patchPayload of " + ids + " set " + set + " remove " + remove,
        (engine, model) ->
            assertThat(engine.patchPayload(ids, set, remove))
                .isEqualTo(model.patchPayload(ids, set, remove)));
  }

  private static ModelStep delete(RandomPayloads payloads) {
    List<RecordId> ids = List.of(payloads.id(), payloads.id());
    return new ModelStep(
        "delete " + ids,
        (engine, model) -> {
          engine.delete(ids);
          model.delete(ids);
        });
  }

  private static ModelStep deleteWhere(RandomFilters filters) {
    Filter narrow = Filter.and(filters.filter(), filters.filter());
    Filter filter = narrow.isAll() ? Filter.none() : narrow;
    return new ModelStep(
        "deleteWhere " + filter,
        (engine, model) -> {
          engine.deleteWhere(filter);
          model.deleteWhere(filter);
        });
  }

  private static ModelStep count(Filter filter) {
    return new ModelStep(
        "count " + filter,
        (engine, model) -> assertThat(engine.count(filter)).isEqualTo(model.count(filter)));
  }

  private static ModelStep scan(Filter filter) {
    return new ModelStep(
        "scan " + filter,
        (engine, model) -> {
          ScanRequest request = ScanRequest.all().filter(filter).pageSize(7);
          Map<RecordId, Payload> expected = Samples.payloads(Samples.scan(model, request));
          List<VectorRecord> records = Samples.scan(engine, request);
          assertThat(Samples.ids(records)).doesNotHaveDuplicates();
          assertThat(Samples.payloads(records)).isEqualTo(expected);
        });
  }

  private static ModelStep search(
      RandomPayloads payloads, Filter filter, Random random, Set<Capability> capabilities) {
    SearchRequest request =
        SearchRequest.nearest(payloads.vector(DIMENSION))
            .filter(filter)
            .limit(1 + random.nextInt(12));
    if (random.nextInt(3) == 0) {
      request = request.minScore(random.nextInt(5) / 4.0 - 0.5);
    }
    if (capabilities.contains(Capability.EXACT)) {
      request = request.exact();
    }
    SearchRequest search = request;
    return new ModelStep(
        "search " + search + " for " + filter,
        (engine, model) ->
            new SearchOracle(Metric.COSINE, Samples.all(model))
                .check(search.toString(), search, engine.search(search)));
  }

  /** The ids that a filter selects, sorted. */
  static List<RecordId> scanned(VectorCollection collection, Filter filter) {
    ScanRequest request = ScanRequest.all().filter(filter).projection(Projection.ids());
    return Samples.ids(Samples.scan(collection, request)).stream().sorted().toList();
  }
}
