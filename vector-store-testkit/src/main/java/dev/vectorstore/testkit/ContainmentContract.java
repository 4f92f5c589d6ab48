package dev.vectorstore.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.FieldPath;
import dev.vectorstore.Filter;
import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Filters on whole JSON: section Filters of docs/CONTRACT.md. */
public interface ContainmentContract extends EngineContract {
  @Test
  @Rule("F-12")
  default void containsJsonIsWhatPostgresMeans() {
    try (Workspace space = Workspace.of(this)) {
      List<ContainmentCase> cases =
          ContainmentCase.all().stream().filter(each -> !each.beyondInt64()).toList();
      assertThat(cases).as("cases with an answer").hasSize(1849);
      Set<Payload> documents = new LinkedHashSet<>();
      cases.forEach(each -> documents.add(each.documentPayload()));
      List<Payload> ordered = new ArrayList<>(documents);
      FilterCheck check = FilterCheck.of(space.create(), ordered);
      Map<Payload, List<ContainmentCase>> byContained = new LinkedHashMap<>();
      cases.forEach(
          each ->
              byContained
                  .computeIfAbsent(each.containsPayload(), key -> new ArrayList<>())
                  .add(each));
      byContained.forEach(
          (contained, group) -> {
            List<RecordId> selected = check.scanned(Filter.containsJson(contained));
            for (ContainmentCase each : group) {
              RecordId id = RecordId.of(ordered.indexOf(each.documentPayload()));
              assertThat(selected.contains(id))
                  .as("%s contains %s", each.documentPayload(), contained)
                  .isEqualTo(each.result());
            }
            check.agrees(Filter.containsJson(contained));
          });
    }
  }

  @Test
  @Rule("F-12")
  default void containedIntegersBeyondInt64AreRefused() {
    for (ContainmentCase each : ContainmentCase.all()) {
      if (each.beyondInt64()) {
        Expect.invalid(
            "an integer beyond int64",
            () -> {
              each.documentPayload();
              each.containsPayload();
            });
      }
    }
  }

  @Test
  @Rule("F-12")
  default void containsJsonWorksAtAPath() {
    try (Workspace space = Workspace.of(this)) {
      FilterCheck check =
          FilterCheck.of(
              space.create(),
              List.of(
                  Samples.payload("metadata", Map.of("tags", List.of("a", "b"), "n", 1)),
                  Samples.payload("metadata", Map.of("tags", List.of("b", "c"), "n", 1.0)),
                  Samples.payload("metadata", Map.of("tags", "a")),
                  Samples.payload("metadata", List.of("a", Map.of("tags", "a"))),
                  Samples.payload("metadata", "a"),
                  Samples.payload("tags", List.of("a"))));
      FieldPath metadata = FieldPath.of("metadata");
      FieldPath tags = FieldPath.of("metadata", "tags");
      List<Filter> filters =
          List.of(
              metadata.containsJson(Value.of(Map.of("tags", List.of("b")))),
              metadata.containsJson(Value.of(Map.of("n", 1))),
              metadata.containsJson(Value.of("a")),
              metadata.containsJson(Value.of(List.of("a"))),
              metadata.containsJson(Value.of(List.of(Map.of("tags", "a")))),
              tags.containsJson(Value.of(List.of("b", "a"))),
              tags.containsJson(Value.of("a")),
              tags.containsJson(Value.of(List.of())));
      filters.forEach(check::agreesBothWays);
    }
  }

  @Test
  @Rule("F-14")
  default void aDeleteTakesWhatItsFilterSelects() {
    try (Workspace space = Workspace.of(this)) {
      for (Filter filter :
          List.of(
              Filter.field("x").eq(3),
              Filter.not(Filter.field("x").eq(3)),
              Filter.containsJson(Samples.payload("x", List.of())),
              Filter.field("x").gt(1L << 53),
              Filter.not(Filter.field("x").exists()))) {
        List<Object> values = new ArrayList<>(FilterSamples.VALUES);
        values.addAll(FilterSamples.NUMBERS);
        FilterCheck check = FilterCheck.ofValues(space.create(), values);
        List<RecordId> stay =
            check.records().stream()
                .filter(record -> !filter.test(record))
                .map(r -> r.id())
                .toList();
        check.collection().deleteWhere(filter);
        assertThat(check.scanned(Filter.all()))
            .as("left by deleteWhere %s", filter)
            .isEqualTo(stay);
      }
    }
  }
}
