package dev.vectorstore.embedded;

import dev.vectorstore.FieldPath;
import dev.vectorstore.FieldType;
import dev.vectorstore.Payload;
import dev.vectorstore.TextTerms;
import dev.vectorstore.Value;
import dev.vectorstore.support.PayloadPath;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.lucene.util.BytesRef;
import org.jspecify.annotations.Nullable;

/** Collects the facts of a payload: all that can be asked of it by path, and its declared texts. */
final class PayloadFacts {
  private static final byte[] TOP = {};

  private final Set<BytesRef> terms = new HashSet<>();

  private PayloadFacts() {}

  /** The distinct terms of a payload. */
  static Set<BytesRef> of(Payload payload, Map<FieldPath, FieldType> fields) {
    PayloadFacts facts = new PayloadFacts();
    facts.entries(TOP, payload.toValue());
    fields.forEach(
        (path, type) -> {
          if (type.isText()) {
            facts.text(payload, path);
          }
        });
    return facts.terms;
  }

  private void entries(byte[] parent, Value.ObjectValue object) {
    object.entries().forEach((key, value) -> value(FactTerms.child(parent, key), value));
  }

  private void value(byte[] path, Value value) {
    terms.add(FactTerms.term(path, Fact.EXISTS));
    if (value instanceof Value.ObjectValue object) {
      terms.add(FactTerms.term(path, Fact.OBJECT));
      entries(path, object);
    } else if (value instanceof Value.ListValue list) {
      terms.add(FactTerms.term(path, Fact.LIST));
      list.elements().forEach(element -> scalar(path, element, ScalarFacts.OF_ELEMENT));
    } else {
      scalar(path, value, ScalarFacts.OF_VALUE);
    }
  }

  private void scalar(byte[] path, Value value, ScalarFacts facts) {
    BytesRef term = facts.term(path, value);
    if (term != null) {
      terms.add(term);
    }
    if (value instanceof Value.StringValue string) {
      string.asInstant().ifPresent(at -> terms.add(FactTerms.instant(path, facts.instant(), at)));
    }
  }

  private void text(Payload payload, FieldPath field) {
    byte[] path = FactTerms.path(field.segments());
    terms.add(FactTerms.term(path, Fact.TEXT_INDEXED));
    for (String term : termsOf(payload, field)) {
      terms.add(FactTerms.text(path, Fact.TEXT_TERM, term));
    }
  }

  /** The terms of a field with their repeats, those of a list's elements one after the other. */
  static List<String> termsOf(Payload payload, FieldPath field) {
    Value value = PayloadPath.at(payload.toValue(), field);
    if (!(value instanceof Value.ListValue list)) {
      return termsOf(value);
    }
    List<String> terms = new ArrayList<>();
    list.elements().forEach(element -> terms.addAll(termsOf(element)));
    return terms;
  }

  private static List<String> termsOf(@Nullable Value value) {
    return value instanceof Value.StringValue string ? TextTerms.of(string.value()) : List.of();
  }
}
