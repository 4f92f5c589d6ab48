package dev.vectorstore.embedded;

import dev.vectorstore.FieldPath;
import dev.vectorstore.Filter;
import dev.vectorstore.Value;
import java.time.Instant;
import java.util.List;

/** How many parts the query of a filter has, at most. */
final class PartCount implements Filter.Fold<Integer> {
  @Override
  public Integer leaf() {
    return 1;
  }

  @Override
  public Integer both(Integer first, Integer second) {
    return first + second;
  }

  @Override
  public Integer not(Filter filter) {
    return 1 + filter.accept(this);
  }

  @Override
  public Integer compareNumber(FieldPath path, Filter.Comparison comparison, Value bound) {
    return 2;
  }

  @Override
  public Integer compareInstant(FieldPath path, Filter.Comparison comparison, Instant bound) {
    return 2;
  }

  @Override
  public Integer compareText(FieldPath path, Filter.Comparison comparison, String bound) {
    return 4;
  }

  @Override
  public Integer containsJson(List<String> segments, Value contained) {
    return values(contained);
  }

  private static int values(Value value) {
    if (value instanceof Value.ObjectValue object) {
      return 1 + object.entries().values().stream().mapToInt(PartCount::values).sum();
    }
    return value instanceof Value.ListValue list
        ? 1 + list.elements().stream().mapToInt(PartCount::values).sum()
        : 1;
  }

  @Override
  public Integer matchesText(FieldPath path, List<String> terms) {
    return FilterCompiler.MAX_TEXT_TERMS + 2;
  }

  @Override
  public Integer matchesPhrase(FieldPath path, List<String> terms) {
    return matchesText(path, terms);
  }
}
