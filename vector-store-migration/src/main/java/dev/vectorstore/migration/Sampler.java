package dev.vectorstore.migration;

import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Payload;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.TextTerms;
import dev.vectorstore.Value;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Takes queries from the stored records themselves: a seeded sample, each third with a filter, each
 * third with a text of two of the record's own terms. Not safe for threads.
 */
final class Sampler {
  /** Records have no vector where embedding failed, so many more are drawn than are needed. */
  private static final int SPARE = 20;

  private static final int MOST_DRAWN = 20_000;

  private static final int FETCHED_AT_ONCE = 100;

  private final VectorCollection source;
  private final CollectionSpec target;
  private final Mapping mapping;
  private final int size;
  private final long seed;

  Sampler(VectorCollection source, CollectionSpec target, Mapping mapping, int size, long seed) {
    this.source = source;
    this.target = target;
    this.mapping = mapping;
    this.size = size;
    this.seed = seed;
  }

  List<ParityQuery> queries(StopSignal stop) throws InterruptedException {
    List<ParityQuery> queries = new ArrayList<>();
    if (size == 0 || source.describe().spec().vectors().isEmpty()) {
      return queries;
    }
    List<RecordId> drawn = draw(stop);
    for (int from = 0; from < drawn.size() && queries.size() < size; from += FETCHED_AT_ONCE) {
      List<RecordId> some = drawn.subList(from, Math.min(drawn.size(), from + FETCHED_AT_ONCE));
      for (VectorRecord record : SourceReads.fetch(source, some)) {
        if (!record.vectors().isEmpty() && queries.size() < size) {
          mapping
              .tryApply(record, target)
              .ifPresent(mapped -> queries.add(query(mapped, queries.size())));
        }
      }
    }
    return queries;
  }

  /** A uniform sample of all ids in one pass (Vitter's algorithm R), in random order. */
  private List<RecordId> draw(StopSignal stop) throws InterruptedException {
    Random random = new Random(seed);
    int wanted = Math.max(size, Math.min(SPARE * size, MOST_DRAWN));
    List<RecordId> drawn = new ArrayList<>();
    long seen = 0;
    try (PageSource pages = new ScanPages(source, Projection.ids(), 1000, Optional.empty())) {
      for (Optional<SourcePage> page = pages.next();
          page.isPresent() && !stop.requested();
          page = pages.next()) {
        for (SizedRecord row : page.get().records()) {
          seen++;
          if (drawn.size() < wanted) {
            drawn.add(row.record().id());
          } else {
            long place = random.nextLong(seen);
            if (place < wanted) {
              drawn.set((int) place, row.record().id());
            }
          }
        }
      }
    }
    Collections.shuffle(drawn, random);
    return drawn;
  }

  /** By one of the record's vectors, another one each time. */
  private ParityQuery query(VectorRecord record, int number) {
    String origin = "like " + record.id();
    Payload filter = number % 3 == 1 ? filter(record.payload(), number) : null;
    String text = number % 3 == 2 ? text(record.payload()) : null;
    List<String> names = record.vectors().keySet().stream().sorted().toList();
    String using = names.get(number % names.size());
    ParityQuery query = ParityQuery.of(origin, record.vector(using).orElseThrow(), text, filter);
    boolean byDefault = target.defaultVector().filter(using::equals).isPresent();
    return byDefault ? query : query.using(using);
  }

  private static @Nullable Payload filter(Payload payload, int number) {
    Optional<String> column = payload.text("source_id");
    Optional<Value.StringValue> inMetadata =
        payload
            .get("metadata")
            .filter(Value.ObjectValue.class::isInstance)
            .map(metadata -> ((Value.ObjectValue) metadata).entries().get("source"))
            .filter(Value.StringValue.class::isInstance)
            .map(Value.StringValue.class::cast);
    if (inMetadata.isPresent() && (number % 2 == 0 || column.isEmpty())) {
      return Payload.builder().put("metadata", Map.of("source", inMetadata.get())).build();
    }
    return column.map(id -> Payload.builder().put("source_id", id).build()).orElse(null);
  }

  /** The two longest of the first terms: rare enough to tell records apart. */
  private static @Nullable String text(Payload payload) {
    List<String> terms =
        payload.text("content").map(TextTerms::of).orElse(List.of()).stream()
            .limit(40)
            .distinct()
            .sorted(Comparator.comparingInt(String::length).reversed())
            .limit(2)
            .toList();
    return terms.isEmpty() ? null : String.join(" ", terms);
  }
}
