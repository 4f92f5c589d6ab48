package dev.vectorstore.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.Capability;
import dev.vectorstore.FieldPath;
import dev.vectorstore.Filter;
import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.WriteBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What predicates on texts select: section Filters of docs/CONTRACT.md. */
public interface TextFiltersContract extends EngineContract {
  @Test
  @Rule("F-15")
  default void textsCompareByCodePoint() {
    try (Workspace space = Workspace.of(this)) {
      List<String> texts = TextFilterSamples.ORDERED;
      FilterCheck check = FilterCheck.ofValues(space.create(), new ArrayList<Object>(texts));
      FieldPath x = FieldPath.of("x");
      for (int i = 0; i < texts.size(); i++) {
        assertThat(check.scanned(x.gt(texts.get(i))))
            .as("what is behind the text %s, by the places of the texts from 1", i + 1)
            .isEqualTo(places(i + 2, texts.size()));
        assertThat(check.scanned(x.lte(texts.get(i))))
            .as("what isn't behind the text %s, by the places of the texts from 1", i + 1)
            .isEqualTo(places(1, i + 1));
      }
    }
  }

  private static List<RecordId> places(int from, int to) {
    return IntStream.rangeClosed(from, to).mapToObj(RecordId::of).toList();
  }

  @Test
  @Rule("F-15")
  default void onlyTextsCompareWithATextAlsoInLists() {
    try (Workspace space = Workspace.of(this)) {
      List<Object> values = TextFilterSamples.values(TextFilterSamples.ORDERED);
      FieldPath x = FieldPath.of("x");
      for (VectorCollection collection : TextFilterSamples.collections(space, "x")) {
        FilterCheck check = FilterCheck.ofValues(collection, values);
        for (String bound : List.of("", "5", "a", "kk", "\uffff", "\ud800\udc00")) {
          check.agreesBothWays(x.gt(bound));
          check.agreesBothWays(x.gte(bound));
          check.agreesBothWays(x.lt(bound));
          check.agreesBothWays(x.lte(bound));
        }
        check.agreesBothWays(Filter.and(x.gt("B"), x.lt("z")));
        check.agreesBothWays(Filter.and(x.gte("2024"), x.lt("2025"), Filter.not(x.eq("9"))));
        check.agreesBothWays(Filter.or(x.lt("a"), x.gt(5), Filter.not(x.lte("\ue000"))));
      }
    }
  }

  @Test
  @Rule("F-16")
  default void containsIsLiteralAndCaseSensitive() {
    try (Workspace space = Workspace.of(this)) {
      List<String> texts = TextFilterSamples.MIXED;
      FieldPath x = FieldPath.of("x");
      for (VectorCollection collection : TextFilterSamples.collections(space, "x")) {
        FilterCheck check = FilterCheck.ofValues(collection, TextFilterSamples.values(texts));
        for (String part : TextFilterSamples.PARTS) {
          check.agrees(x.contains(part));
        }
        check.agrees(Filter.not(x.contains("cat")));
        check.agrees(Filter.not(Filter.or(x.contains("%"), Filter.not(x.contains("\\")))));
        check.agrees(Filter.and(x.contains("a"), Filter.not(x.contains("A"))));
        assertThat(check.scanned(x.contains("_")))
            .as("the texts that have an underline, by their places from 1")
            .isEqualTo(Samples.ids(texts.indexOf("100%_\\ sure") + 1, texts.indexOf("a_b") + 1));
      }
    }
  }

  @Test
  @Rule("F-13")
  default void containsTextIsLiteralAndCaseBlind() {
    try (Workspace space = Workspace.of(this)) {
      List<String> texts = TextFilterSamples.MIXED;
      FieldPath x = FieldPath.of("x");
      for (VectorCollection collection : TextFilterSamples.collections(space, "x")) {
        FilterCheck check = FilterCheck.ofValues(collection, TextFilterSamples.values(texts));
        for (String part : TextFilterSamples.PARTS) {
          check.agrees(x.containsText(part));
        }
        check.agrees(Filter.not(x.containsText("CAT")));
        check.agrees(Filter.and(x.containsText("CAT"), Filter.not(x.contains("cat"))));
        assertThat(check.scanned(x.containsText("\u00c9cole")))
            .as("the texts that have the word in one form and any case, by their places from 1")
            .isEqualTo(
                Samples.ids(
                    texts.indexOf("\u00c9COLE \u039f\u0394\u039f\u03a3") + 1,
                    texts.indexOf("\u00e9cole \u03bf\u03b4\u03bf\u03c2") + 1));
      }
    }
  }

  @Test
  @Rule({"F-07", "F-13", "F-15", "F-16"})
  default void textsAreFoundWhereverTheyLie() {
    try (Workspace space = Workspace.of(this)) {
      List<Payload> payloads = new ArrayList<>();
      for (String key : FilterSamples.ODD_KEYS) {
        payloads.add(Samples.payload(key, "Red fox", "other", 1));
        payloads.add(Samples.payload("in", Map.of(key, List.of("a", "Red fox"))));
      }
      payloads.add(Samples.payload("in", List.of(Map.of("a.b", "Red fox"))));
      FilterCheck check = FilterCheck.of(space.create(), payloads);
      for (String key : FilterSamples.ODD_KEYS) {
        for (FieldPath path :
            List.of(new FieldPath(List.of(key)), new FieldPath(List.of("in", key)))) {
          check.agrees(path.gt("Red"));
          check.agrees(Filter.not(path.lt("Red")));
          check.agrees(path.contains("Red"));
          check.agrees(Filter.not(path.containsText("RED")));
        }
      }
    }
  }

  @Test
  @Rule({"F-13", "F-15", "F-16"})
  default void whatNoTextCanBeIsRefused() {
    FieldPath x = FieldPath.of("x");
    for (String text : TextFilterSamples.UNSTORABLE) {
      Expect.invalid("a text that can't be stored", () -> x.gt(text));
      Expect.invalid("a text that can't be stored", () -> x.gte(text));
      Expect.invalid("a text that can't be stored", () -> x.lt(text));
      Expect.invalid("a text that can't be stored", () -> x.lte(text));
      Expect.invalid("a text that can't be stored", () -> x.contains(text));
      Expect.invalid("a text that can't be stored", () -> x.containsText(text));
    }
    Expect.invalid("an empty part has no meaning", () -> x.contains(""));
    Expect.invalid("an empty part has no meaning", () -> x.containsText(""));
  }

  @Test
  @Rule({"F-08", "F-13", "F-15", "F-16"})
  default void textsToLookForCantInjectAnything() {
    try (Workspace space = Workspace.of(this)) {
      List<Object> texts = new ArrayList<>(FilterSamples.INJECTIONS);
      FilterCheck check = FilterCheck.ofValues(space.create(), texts);
      for (String text : FilterSamples.INJECTIONS) {
        TextFilterSamples.predicates(FieldPath.of("x"), text).forEach(check::agrees);
        TextFilterSamples.predicates(FieldPath.of(text), text).forEach(check::agrees);
      }
      assertThat(check.collection().count())
          .as("nothing was deleted by what a filter says")
          .isEqualTo(check.records().size());
    }
  }

  @Test
  @Rule({"D-04", "F-14"})
  default void aDeleteTakesTheTextsThatItsFilterSelects() {
    try (Workspace space = Workspace.of(this)) {
      List<String> texts = new ArrayList<>(TextFilterSamples.MIXED);
      texts.addAll(TextFilterSamples.ORDERED);
      for (Filter filter : TextFilterSamples.predicates(FieldPath.of("x"), "a")) {
        for (Filter deleted : List.of(filter, Filter.not(filter))) {
          FilterCheck check = FilterCheck.ofValues(space.create(), TextFilterSamples.values(texts));
          check.collection().deleteWhere(deleted);
          assertThat(check.scanned(Filter.all()))
              .as("left by deleteWhere %s", deleted)
              .isEqualTo(left(check, deleted));
        }
      }
    }
  }

  @Test
  @Rule({"F-14", "W-12"})
  default void anAtomicBatchDeletesTheTextsThatItsFilterSelects() {
    try (Workspace space = Workspace.of(this)) {
      FilterCheck check =
          FilterCheck.ofValues(space.create(), TextFilterSamples.values(TextFilterSamples.MIXED));
      FieldPath x = FieldPath.of("x");
      Filter deleted =
          Filter.and(x.containsText("CAT"), Filter.not(x.contains("Cat")), x.lt("conca"));
      WriteBatch batch =
          WriteBatch.builder().deleteWhere(check.collection().name(), deleted).build();
      if (!space.has(Capability.ATOMIC_BATCH)) {
        Expect.unsupported(() -> space.store().apply(batch));
        throw DoesNotBind.refused(Capability.ATOMIC_BATCH);
      }
      space.store().apply(batch);
      assertThat(left(check, deleted)).hasSize(check.records().size() - 1);
      assertThat(check.scanned(Filter.all()))
          .as("left by a batch's deleteWhere %s", deleted)
          .isEqualTo(left(check, deleted));
    }
  }

  private static List<RecordId> left(FilterCheck check, Filter deleted) {
    return check.records().stream()
        .filter(record -> !deleted.test(record))
        .map(VectorRecord::id)
        .toList();
  }
}
