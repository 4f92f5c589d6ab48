package dev.vectorstore.testkit;

import dev.vectorstore.Filter;
import dev.vectorstore.Payload;
import dev.vectorstore.Value;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import dev.vectorstore.WriteMode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * A store with one planted defect.
 *
 * @param defect what is wrong with it
 * @param rule the rule whose tests must fail
 * @param store opens it
 */
record Mutant(String defect, String rule, Supplier<VectorStore> store) {
  /** The defect is in what a collection does. */
  static Mutant collection(String rule, String defect, UnaryOperator<VectorCollection> planted) {
    return new Mutant(defect, rule, () -> new ForwardingStore(ModelStore.open(), planted));
  }

  /** The defect is in what the store does. */
  static Mutant store(String rule, String defect, UnaryOperator<VectorStore> planted) {
    return new Mutant(defect, rule, () -> planted.apply(ModelStore.open()));
  }

  /** The defect is in what filters mean. */
  static Mutant meaning(String rule, String defect, BiPredicate<Filter, VectorRecord> meaning) {
    return new Mutant(defect, rule, () -> ModelStore.open(ModelStore.CAPABILITIES, meaning));
  }

  /** Filters are taken for others. */
  static Mutant filters(String rule, String defect, FilterRewriter rewriter) {
    return meaning(rule, defect, (filter, record) -> filter.accept(rewriter).test(record));
  }

  /** Filters look at other values than those that were stored. */
  static Mutant values(String rule, String defect, UnaryOperator<Value> planted) {
    return meaning(
        rule, defect, (filter, record) -> filter.test(record.withPayload(mapped(record, planted))));
  }

  /** What is written isn't what was given. */
  static Mutant upsert(String rule, String defect, UnaryOperator<List<VectorRecord>> change) {
    return collection(
        rule,
        defect,
        to ->
            new ForwardingCollection(to) {
              @Override
              public void upsert(Collection<VectorRecord> records, WriteMode mode) {
                to.upsert(change.apply(List.copyOf(records)), mode);
              }
            });
  }

  private static Payload mapped(VectorRecord record, UnaryOperator<Value> planted) {
    return Payload.of((Value.ObjectValue) map(record.payload().toValue(), planted));
  }

  /** Changes each scalar and each list, inner ones first. */
  static Value map(Value value, UnaryOperator<Value> planted) {
    if (value instanceof Value.ObjectValue object) {
      Map<String, Value> entries = new LinkedHashMap<>();
      object.entries().forEach((key, inner) -> entries.put(key, map(inner, planted)));
      return new Value.ObjectValue(entries);
    }
    if (value instanceof Value.ListValue list) {
      List<Value> elements = new ArrayList<>();
      list.elements().forEach(inner -> elements.add(map(inner, planted)));
      return planted.apply(new Value.ListValue(elements));
    }
    return planted.apply(value);
  }

  @Override
  public String toString() {
    return rule + " " + defect;
  }
}
