package dev.vectorstore.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.FieldPath;
import dev.vectorstore.FieldType;
import dev.vectorstore.Filter;
import dev.vectorstore.Metric;
import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.Value;
import dev.vectorstore.VectorCollection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What predicates select: section Filters of docs/CONTRACT.md. */
public interface FiltersContract extends EngineContract {
  @Test
  @Rule("F-01")
  default void aPredicateIsFalseOnMissingNullAndOtherTypes() {
    try (Workspace space = Workspace.of(this)) {
      FilterCheck check =
          FilterCheck.ofValues(space.create(4, Metric.COSINE), FilterSamples.VALUES);
      FilterSamples.predicates(FieldPath.of("x")).forEach(check::agrees);
    }
  }

  @Test
  @Rule("F-01")
  default void aDeclarationChangesNoAnswer() {
    try (Workspace space = Workspace.of(this)) {
      for (FieldType type :
          List.of(FieldType.KEYWORD, FieldType.NUMBER, FieldType.BOOLEAN, FieldType.INSTANT)) {
        VectorCollection collection = space.create(spec -> spec.field("x", type));
        FilterCheck check = FilterCheck.ofValues(collection, FilterSamples.VALUES);
        FilterSamples.predicates(FieldPath.of("x")).forEach(check::agrees);
      }
    }
  }

  @Test
  @Rule("F-02")
  default void notIsTheExactComplement() {
    try (Workspace space = Workspace.of(this)) {
      FilterCheck check = FilterCheck.ofValues(space.create(), FilterSamples.VALUES);
      List<Filter> predicates = FilterSamples.predicates(FieldPath.of("x"));
      predicates.forEach(filter -> check.agrees(Filter.not(filter)));
      check.agrees(Filter.not(Filter.not(predicates.get(0))));
      check.agrees(Filter.not(Filter.not(Filter.not(predicates.get(0)))));
    }
  }

  @Test
  @Rule("F-02")
  default void groupsMeanWhatLogicSays() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection collection = space.create();
      FilterCheck check = FilterCheck.of(collection, combinations());
      Filter a = Filter.field("a").eq(1);
      Filter b = Filter.field("b").eq(1);
      Filter c = Filter.field("c").exists();
      Filter both = Filter.and(a, b);
      Filter either = Filter.or(a, b);
      List<Filter> groups =
          List.of(
              both,
              either,
              Filter.and(either, c),
              Filter.or(both, c),
              Filter.and(a, Filter.or(b, c)),
              Filter.and(Filter.or(a, c), Filter.or(b, c), Filter.not(both)),
              Filter.or(Filter.and(a, Filter.not(b)), Filter.and(b, Filter.not(a))),
              Filter.and(a, Filter.not(Filter.or(b, Filter.not(c)))),
              Filter.or(Filter.not(Filter.and(a, Filter.not(b))), c));
      groups.forEach(check::agreesBothWays);
      assertThat(check.scanned(Filter.not(both)))
          .as("De Morgan: not(a and b) = not a or not b")
          .isEqualTo(check.scanned(Filter.or(Filter.not(a), Filter.not(b))));
      assertThat(check.scanned(Filter.not(either)))
          .as("De Morgan: not(a or b) = not a and not b")
          .isEqualTo(check.scanned(Filter.and(Filter.not(a), Filter.not(b))));
    }
  }

  @Test
  @Rule("F-03")
  default void numbersCompareByValue() {
    try (Workspace space = Workspace.of(this)) {
      for (FieldType type : List.of(FieldType.NUMBER, FieldType.KEYWORD)) {
        VectorCollection collection = space.create(spec -> spec.field("x", type));
        FilterCheck check = FilterCheck.ofValues(collection, FilterSamples.NUMBERS);
        FieldPath x = FieldPath.of("x");
        for (Object number : FilterSamples.NUMBERS) {
          Number bound = (Number) number;
          check.agrees(x.eq(Value.of(bound)));
          check.agrees(x.gt(bound));
          check.agrees(x.lte(bound));
        }
        check.agrees(x.in(FilterSamples.NUMBERS));
        check.agreesBothWays(Filter.and(x.gte(1L << 53), x.lt((1L << 53) + 2)));
      }
    }
  }

  @Test
  @Rule("F-04")
  default void instantsAreStrict() {
    try (Workspace space = Workspace.of(this)) {
      for (FieldType type : List.of(FieldType.INSTANT, FieldType.KEYWORD)) {
        VectorCollection collection = space.create(spec -> spec.field("x", type));
        List<Object> values = new ArrayList<>(FilterSamples.INSTANTS);
        values.add(FilterSamples.INSTANTS);
        FilterCheck check = FilterCheck.ofValues(collection, values);
        FieldPath x = FieldPath.of("x");
        for (Instant bound : FilterSamples.BOUNDS) {
          check.agrees(x.gt(bound));
          check.agrees(x.gte(bound));
          check.agrees(x.lt(bound));
          check.agreesBothWays(x.lte(bound));
        }
      }
    }
  }

  @Test
  @Rule("F-05")
  default void existsAndIsNullDiffer() {
    try (Workspace space = Workspace.of(this)) {
      for (FieldType type : List.of(FieldType.KEYWORD, FieldType.NUMBER, FieldType.INSTANT)) {
        VectorCollection collection = space.create(spec -> spec.field("x", type));
        FilterCheck check =
            FilterCheck.ofValues(
                collection,
                Arrays.asList(
                    null,
                    List.of(),
                    Map.of(),
                    "",
                    0,
                    false,
                    Arrays.asList(null, 3),
                    Arrays.asList(3, null),
                    Arrays.asList("a", null),
                    List.of(Arrays.asList((Object) null)),
                    List.of(List.of()),
                    FilterSamples.nested("y", null)));
        check.agreesBothWays(Filter.field("x").exists());
        check.agreesBothWays(Filter.field("x").isNull());
        check.agreesBothWays(Filter.field("x", "y").exists());
        check.agreesBothWays(Filter.field("x", "y").isNull());
        check.agreesBothWays(
            Filter.and(Filter.field("x").exists(), Filter.not(Filter.field("x").isNull())));
      }
    }
  }

  @Test
  @Rule("F-06")
  default void aListMatchesByAnyOfItsScalars() {
    try (Workspace space = Workspace.of(this)) {
      FilterCheck check =
          FilterCheck.ofValues(
              space.create(),
              List.of(
                  List.of(1, 2),
                  List.of("1", "red"),
                  List.of(List.of(1), List.of("red")),
                  List.of(Map.of("y", 1)),
                  List.of(1, "red", true),
                  List.of(0.5, 9),
                  List.of(),
                  Map.of("y", List.of(1, 2))));
      FieldPath x = FieldPath.of("x");
      List<Filter> filters =
          List.of(
              x.eq(1),
              x.eq("red"),
              x.eq(true),
              x.in(2, "red"),
              x.gt(1),
              Filter.and(x.gt(1), x.lt(1)),
              Filter.field("x", "y").eq(1));
      filters.forEach(check::agreesBothWays);
    }
  }

  @Test
  @Rule("F-07")
  default void pathsAreKeysTakenLiterally() {
    try (Workspace space = Workspace.of(this)) {
      List<Payload> payloads = new ArrayList<>();
      for (String key : FilterSamples.ODD_KEYS) {
        payloads.add(Samples.payload(key, "v", "other", 1));
        payloads.add(Samples.payload("in", Map.of(key, "v")));
      }
      payloads.add(Samples.payload("a", Map.of("b", "v")));
      payloads.add(Samples.payload("a", List.of("v", Map.of("b", "v"))));
      payloads.add(Samples.payload("a", List.of(Map.of("b", "v"))));
      FilterCheck check = FilterCheck.of(space.create(), payloads);
      for (String key : FilterSamples.ODD_KEYS) {
        FieldPath path = new FieldPath(List.of(key));
        check.agrees(path.eq("v"));
        check.agrees(Filter.not(path.exists()));
        check.agrees(new FieldPath(List.of("in", key)).in("v", "w"));
      }
      check.agreesBothWays(Filter.field("a", "b").eq("v"));
      check.agreesBothWays(Filter.field("a", "0").exists());
      check.agreesBothWays(Filter.field("a", "1", "b").exists());
    }
  }

  @Test
  @Rule("F-08")
  default void textsCantInjectAnything() {
    try (Workspace space = Workspace.of(this)) {
      List<Object> texts = new ArrayList<>(FilterSamples.INJECTIONS);
      FilterCheck check = FilterCheck.ofValues(space.create(), texts);
      for (String text : FilterSamples.INJECTIONS) {
        check.agrees(Filter.field("x").eq(text));
        check.agrees(Filter.not(Filter.field("x").in(text, "none")));
        check.agrees(Filter.field(text).eq("none"));
        check.agrees(Filter.containsJson(Samples.payload("x", text)));
        check.agrees(Filter.ids(List.of(RecordId.of(text))));
      }
      assertThat(check.collection().count())
          .as("nothing was deleted by what a filter says")
          .isEqualTo(check.records().size());
    }
  }

  @Test
  @Rule("F-09")
  default void constantsSelectAllOrNothing() {
    try (Workspace space = Workspace.of(this)) {
      FilterCheck check = FilterCheck.ofValues(space.create(), List.of(1, 2, 3));
      check.agrees(Filter.field("x").in(List.of()));
      check.agrees(Filter.not(Filter.field("x").in(List.of())));
      check.agrees(Filter.all());
      check.agrees(Filter.none());
      check.agrees(Filter.or(Filter.field("x").eq(1), Filter.field("x").in(List.of())));
      check.agrees(Filter.ids(List.of()));
      Expect.invalid("an empty group has no meaning", () -> Filter.and(List.of()));
      Expect.invalid("an empty group has no meaning", () -> Filter.or(List.of()));
    }
  }

  @Test
  @Rule("F-10")
  default void filtersNestTwentyDeep() {
    try (Workspace space = Workspace.of(this)) {
      FilterCheck check = FilterCheck.ofValues(space.create(), List.of(1, 2, 3, "1"));
      for (int levels : new int[] {10, Filter.MAX_DEPTH}) {
        check.agrees(FilterSamples.nots(levels));
        check.agrees(FilterSamples.groups(levels));
      }
      Expect.invalid("a filter of depth 21", () -> FilterSamples.nots(Filter.MAX_DEPTH + 1));
      Expect.invalid("a filter of depth 21", () -> FilterSamples.groups(Filter.MAX_DEPTH + 1));
    }
  }

  /** As loops build them: two by two. */
  @Test
  @Rule("F-10")
  default void longChainsDoNotNest() {
    try (Workspace space = Workspace.of(this)) {
      FilterCheck check = FilterCheck.ofValues(space.create(), List.of(1, 2, 3, 999, 1000, "1"));
      Filter any = Filter.field("x").eq("1");
      Filter every = Filter.field("x").exists();
      for (int i = 2; i < 1_000; i++) {
        any = Filter.or(any, Filter.field("x").eq(i));
        every = Filter.and(every, Filter.not(Filter.field("x").eq(i)));
      }
      check.agrees(any);
      check.agrees(every);
    }
  }

  @Test
  @Rule("F-11")
  default void idsSelectTheirRecords() {
    try (Workspace space = Workspace.of(this)) {
      FilterCheck check = FilterCheck.ofValues(space.create(), List.of(1, 2, 3, 4, 5));
      List<RecordId> some =
          List.of(
              RecordId.of(1),
              RecordId.of(4),
              RecordId.of(99),
              RecordId.of("1"),
              RecordId.of(new UUID(0, 1)));
      check.agreesBothWays(Filter.ids(some));
      check.agreesBothWays(Filter.and(Filter.ids(some), Filter.field("x").gt(1)));
      check.agreesBothWays(Filter.or(Filter.ids(some), Filter.field("x").eq(2)));
    }
  }

  /** Payloads that the groups of "a is 1", "b is 1" and "c exists" tell apart. */
  private static List<Payload> combinations() {
    return List.of(
        Samples.payload("a", 1, "b", 1),
        Samples.payload("a", 1, "b", 2),
        Samples.payload("a", 2, "b", 1),
        Samples.payload("a", 2, "b", 2),
        Samples.payload("a", 1, "c", 1),
        Samples.payload("b", null, "a", 3),
        Payload.empty());
  }
}
