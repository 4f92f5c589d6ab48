package dev.vectorstore;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The filters that look at one value, and what their arguments must satisfy. */
final class Predicates {
  private Predicates() {}

  sealed interface Predicate extends Filter {}

  enum Constant implements Predicate {
    FALSE,
    TRUE;

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.constant(this == TRUE);
    }
  }

  record Ids(Set<RecordId> ids) implements Predicate {
    /** Sorted once, since a nested filter is visited for each record that is tested. */
    Ids {
      ids = Collections.unmodifiableSet(new LinkedHashSet<>(new TreeSet<>(ids)));
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.ids(ids);
    }

    @Override
    public boolean test(RecordId id, Payload payload) {
      return ids.contains(id);
    }
  }

  record Eq(FieldPath path, Value value) implements Predicate {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.eq(path, value);
    }
  }

  record In(FieldPath path, List<Value> values) implements Predicate {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.in(path, values);
    }
  }

  record CompareNumber(FieldPath path, Comparison comparison, Value bound) implements Predicate {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.compareNumber(path, comparison, bound);
    }
  }

  record CompareInstant(FieldPath path, Comparison comparison, Instant bound) implements Predicate {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.compareInstant(path, comparison, bound);
    }
  }

  record CompareText(FieldPath path, Comparison comparison, String bound) implements Predicate {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.compareText(path, comparison, bound);
    }
  }

  record Exists(FieldPath path) implements Predicate {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.exists(path);
    }
  }

  record IsNull(FieldPath path) implements Predicate {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.isNull(path);
    }
  }

  record ContainsJson(List<String> segments, Value contained) implements Predicate {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.containsJson(segments, contained);
    }
  }

  record Contains(FieldPath path, String part) implements Predicate {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.contains(path, part);
    }
  }

  record ContainsText(FieldPath path, String part) implements Predicate {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.containsText(path, part);
    }
  }

  record MatchesText(FieldPath path, List<String> terms) implements Predicate {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.matchesText(path, terms);
    }
  }

  record MatchesPhrase(FieldPath path, List<String> terms) implements Predicate {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.matchesPhrase(path, terms);
    }
  }

  static Value requireScalar(Value value) {
    if (value instanceof Value.NullValue) {
      throw new VectorStoreException.InvalidRequest("nothing equals null; use isNull()");
    }
    if (value instanceof Value.ListValue || value instanceof Value.ObjectValue) {
      throw new VectorStoreException.InvalidRequest(
          "lists and objects are not compared as a whole; use containsJson(...)");
    }
    return value;
  }

  static String requirePart(String predicate, String part) {
    if (part.isEmpty()) {
      throw new VectorStoreException.InvalidRequest(
          predicate + "(\"\") has no meaning; use exists()");
    }
    return Text.require(part, "the text to look for");
  }

  static List<String> requireTerms(String query) {
    return required(TextTerms.of(Text.require(query, "a text query")));
  }

  static List<String> requirePhrase(String query) {
    return required(TextTerms.phrase(Text.require(query, "a text query")));
  }

  private static List<String> required(List<String> terms) {
    if (terms.isEmpty()) {
      throw new VectorStoreException.InvalidRequest(
          "the text query has no terms; it needs at least one letter or digit");
    }
    return List.copyOf(terms);
  }
}
