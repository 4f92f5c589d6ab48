package dev.vectorstore.testkit;

import dev.vectorstore.Capability;
import dev.vectorstore.FieldPath;
import dev.vectorstore.Filter;
import dev.vectorstore.Value;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * Random filters of every kind over the keys and values of {@link RandomPayloads}, for an engine's
 * own property tests. The fields "text" and "content" are taken to be declared as text. Not safe
 * for threads.
 */
public final class RandomFilters {
  private static final List<String> QUERIES = List.of("red", "fox", "RED fox", "x", "\u5411\u91cf");
  private static final List<String> PARTS =
      List.of("red", "D, f", "%", "_", "\\", "'", "X", "ed", "\ufb01");
  private static final List<Instant> BOUNDS =
      List.of(
          Instant.parse("2024-01-01T00:00:00Z"),
          Instant.parse("2023-12-31T23:59:59.999999Z"),
          Instant.parse("2024-01-01T00:00:00.000001Z"));

  private final Random random;
  private final RandomPayloads payloads;
  private final Set<Capability> capabilities;

  /**
   * Filters that follow from a seed.
   *
   * @param random seeded by the test, which prints the seed when it fails
   * @param capabilities what the collection declares; text filters that need more aren't made
   */
  public RandomFilters(Random random, Set<Capability> capabilities) {
    this.random = random;
    this.payloads = new RandomPayloads(random);
    this.capabilities = Set.copyOf(capabilities);
  }

  /** A filter that nests up to four deep. */
  public Filter filter() {
    return filter(3);
  }

  private Filter filter(int depth) {
    if (depth == 0 || random.nextInt(3) == 0) {
      return predicate();
    }
    return switch (random.nextInt(3)) {
      case 0 -> Filter.and(filters(depth - 1));
      case 1 -> Filter.or(filters(depth - 1));
      default -> Filter.not(filter(depth - 1));
    };
  }

  private List<Filter> filters(int depth) {
    List<Filter> filters = new ArrayList<>();
    int size = 1 + random.nextInt(3);
    for (int i = 0; i < size; i++) {
      filters.add(filter(depth));
    }
    return filters;
  }

  private Filter predicate() {
    FieldPath path = new FieldPath(payloads.pick(RandomPayloads.PATHS));
    return switch (random.nextInt(15)) {
      case 0, 1 -> path.eq(payloads.scalar());
      case 2 -> path.in(List.of(payloads.scalar(), payloads.scalar(), payloads.scalar()));
      case 3, 4 -> number(path);
      case 5 -> instant(path);
      case 6 -> path.exists();
      case 7 -> path.isNull();
      case 8 -> path.containsJson(payloads.value(2));
      case 9 -> Filter.containsJson(payloads.payload());
      case 10 -> Filter.ids(List.of(payloads.id(), payloads.id(), payloads.id()));
      case 11 -> text(path, payloads.pick(RandomPayloads.TEXTS));
      case 12 -> path.contains(payloads.pick(PARTS));
      case 13 -> path.containsText(payloads.pick(PARTS));
      default -> text();
    };
  }

  private Filter number(FieldPath path) {
    Number bound = (Number) payloads.pick(RandomPayloads.NUMBERS);
    return switch (random.nextInt(4)) {
      case 0 -> path.gt(bound);
      case 1 -> path.gte(bound);
      case 2 -> path.lt(bound);
      default -> path.lte(bound);
    };
  }

  private Filter instant(FieldPath path) {
    Instant bound = payloads.pick(BOUNDS);
    return switch (random.nextInt(4)) {
      case 0 -> path.gt(bound);
      case 1 -> path.gte(bound);
      case 2 -> path.lt(bound);
      default -> path.lte(bound);
    };
  }

  private Filter text(FieldPath path, String bound) {
    return switch (random.nextInt(4)) {
      case 0 -> path.gt(bound);
      case 1 -> path.gte(bound);
      case 2 -> path.lt(bound);
      default -> path.lte(bound);
    };
  }

  private Filter text() {
    FieldPath path = FieldPath.of(random.nextBoolean() ? "text" : "content");
    if (random.nextBoolean() && capabilities.contains(Capability.PHRASE)) {
      return path.matchesPhrase(payloads.pick(QUERIES));
    }
    return capabilities.contains(Capability.TERMS)
        ? path.matchesText(payloads.pick(QUERIES))
        : path.eq(Value.of("red fox"));
  }
}
