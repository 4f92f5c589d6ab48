package dev.vectorstore.embedded;

import dev.vectorstore.Value;
import org.apache.lucene.util.BytesRef;
import org.jspecify.annotations.Nullable;

/** The facts of scalars: as a path's value, or as an element of its list. */
enum ScalarFacts {
  /** The path ends at the scalar. */
  OF_VALUE(Fact.NULL, Fact.BOOLEAN, Fact.NUMBER, Fact.STRING, Fact.INSTANT),
  /** The path ends at a list that has the scalar. */
  OF_ELEMENT(
      Fact.NULL_ELEMENT,
      Fact.BOOLEAN_ELEMENT,
      Fact.NUMBER_ELEMENT,
      Fact.STRING_ELEMENT,
      Fact.INSTANT_ELEMENT);

  private final Fact isNull;
  private final Fact bool;
  private final Fact number;
  private final Fact string;
  private final Fact instant;

  ScalarFacts(Fact isNull, Fact bool, Fact number, Fact string, Fact instant) {
    this.isNull = isNull;
    this.bool = bool;
    this.number = number;
    this.string = string;
    this.instant = instant;
  }

  Fact number() {
    return number;
  }

  Fact instant() {
    return instant;
  }

  /** The term that says that the value is there, or null if it isn't a scalar. */
  @Nullable BytesRef term(byte[] path, Value value) {
    if (value instanceof Value.StringValue text) {
      return FactTerms.text(path, string, text.value());
    }
    if (value instanceof Value.LongValue || value instanceof Value.DoubleValue) {
      return FactTerms.number(path, number, value);
    }
    if (value instanceof Value.BooleanValue truth) {
      return FactTerms.bool(path, bool, truth.value());
    }
    return value instanceof Value.NullValue ? FactTerms.term(path, isNull) : null;
  }
}
