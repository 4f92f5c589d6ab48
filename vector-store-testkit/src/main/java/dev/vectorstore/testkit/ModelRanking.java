package dev.vectorstore.testkit;

import dev.vectorstore.FieldPath;
import dev.vectorstore.FieldType;
import dev.vectorstore.TextTerms;
import dev.vectorstore.Value;
import dev.vectorstore.VectorRecord;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** BM25 by its formula: the texts of all records are looked at for each query. */
final class ModelRanking {
  private static final double K1 = 1.2;
  private static final double B = 0.75;

  private final Set<String> terms;
  private final Map<FieldPath, List<List<String>>> texts = new HashMap<>();

  ModelRanking(ModelData data, List<String> terms) {
    this.terms = new TreeSet<>(terms);
    data.spec()
        .fields()
        .forEach(
            (path, type) -> {
              if (type == FieldType.TEXT) {
                texts.put(
                    path,
                    data.records().values().stream()
                        .map(record -> text(record, path))
                        .filter(text -> !text.isEmpty())
                        .collect(Collectors.toList()));
              }
            });
  }

  /** The score of a record's best field, or 0 if none has a term. */
  double score(VectorRecord record) {
    return texts.keySet().stream().mapToDouble(path -> score(record, path)).max().orElse(0);
  }

  private double score(VectorRecord record, FieldPath path) {
    List<List<String>> all = Objects.requireNonNull(texts.get(path));
    List<String> text = text(record, path);
    double average = all.stream().mapToInt(List::size).average().orElse(1);
    double score = 0;
    for (String term : terms) {
      double occurrences = Collections.frequency(text, term);
      double having = all.stream().filter(other -> other.contains(term)).count();
      double rarity = Math.log(1 + (all.size() - having + 0.5) / (having + 0.5));
      score += rarity * occurrences / (occurrences + K1 * (1 - B + B * text.size() / average));
    }
    return score;
  }

  private static List<String> text(VectorRecord record, FieldPath path) {
    Value value = record.payload().toValue();
    for (String segment : path.segments()) {
      value =
          value instanceof Value.ObjectValue object
              ? object.entries().getOrDefault(segment, Value.NullValue.NULL)
              : Value.NullValue.NULL;
    }
    List<String> text = new ArrayList<>();
    List<Value> elements = value instanceof Value.ListValue list ? list.elements() : List.of(value);
    for (Value element : elements) {
      if (element instanceof Value.StringValue string) {
        text.addAll(TextTerms.of(string.value()));
      }
    }
    return text;
  }
}
