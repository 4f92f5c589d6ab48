package dev.vectorstore.embedded;

import dev.vectorstore.FieldPath;
import dev.vectorstore.Filter;
import dev.vectorstore.RecordId;
import dev.vectorstore.TextTerms;
import dev.vectorstore.Value;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.MatchNoDocsQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermInSetQuery;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TermRangeQuery;
import org.apache.lucene.util.BytesRef;
import org.jspecify.annotations.Nullable;

/**
 * Compiles a filter to a query that selects exactly the same records: from the facts of the index
 * where they say it all, else from those that narrow it down, and a test of the payloads that are
 * left.
 */
final class FilterCompiler implements Filter.Visitor<Query> {
  /** Lucene refuses queries of more than 1,024 parts; with room for the parts that are ours. */
  private static final int MAX_PARTS = 200;

  /** So many terms narrow it down enough. */
  static final int MAX_TEXT_TERMS = 8;

  private final Filter filter;
  private final Set<FieldPath> lateTexts;

  private FilterCompiler(Filter filter, Set<FieldPath> lateTexts) {
    this.filter = filter;
    this.lateTexts = lateTexts;
  }

  /**
   * Compiles a filter.
   *
   * @param lateTexts text fields that were declared when records were there already
   */
  static Query compile(Filter filter, Set<FieldPath> lateTexts) {
    return filter.accept(new PartCount()) > MAX_PARTS
        ? new PayloadQuery(new MatchAllDocsQuery(), filter)
        : filter.accept(new FilterCompiler(filter, lateTexts));
  }

  private Query part(Filter other) {
    return other.accept(new FilterCompiler(other, lateTexts));
  }

  @Override
  public Query and(List<Filter> filters) {
    BooleanQuery.Builder all = new BooleanQuery.Builder();
    filters.forEach(other -> all.add(part(other), Occur.FILTER));
    return all.build();
  }

  @Override
  public Query or(List<Filter> filters) {
    BooleanQuery.Builder any = new BooleanQuery.Builder();
    filters.forEach(other -> any.add(part(other), Occur.SHOULD));
    return any.build();
  }

  @Override
  public Query not(Filter other) {
    return except(part(other));
  }

  private static Query except(Query excluded) {
    return new BooleanQuery.Builder()
        .add(new MatchAllDocsQuery(), Occur.FILTER)
        .add(excluded, Occur.MUST_NOT)
        .build();
  }

  @Override
  public Query constant(boolean value) {
    return value ? new MatchAllDocsQuery() : new MatchNoDocsQuery();
  }

  @Override
  public Query ids(Collection<RecordId> ids) {
    return new TermInSetQuery(Documents.ID, ids.stream().map(IdBytes::of).toList());
  }

  @Override
  public Query eq(FieldPath path, Value value) {
    return in(path, List.of(value));
  }

  @Override
  public Query in(FieldPath path, List<Value> values) {
    byte[] start = FactTerms.path(path.segments());
    List<BytesRef> terms = new ArrayList<>(2 * values.size());
    for (ScalarFacts facts : ScalarFacts.values()) {
      values.forEach(value -> terms.add(Objects.requireNonNull(facts.term(start, value))));
    }
    return new TermInSetQuery(Documents.FACTS, terms);
  }

  @Override
  public Query compareNumber(FieldPath path, Filter.Comparison comparison, Value bound) {
    byte[] start = FactTerms.path(path.segments());
    return either(
        range(start, Fact.NUMBER, comparison, FactTerms.number(start, Fact.NUMBER, bound)),
        range(
            start,
            Fact.NUMBER_ELEMENT,
            comparison,
            FactTerms.number(start, Fact.NUMBER_ELEMENT, bound)));
  }

  @Override
  public Query compareInstant(FieldPath path, Filter.Comparison comparison, Instant bound) {
    byte[] start = FactTerms.path(path.segments());
    return either(
        range(start, Fact.INSTANT, comparison, FactTerms.instant(start, Fact.INSTANT, bound)),
        range(
            start,
            Fact.INSTANT_ELEMENT,
            comparison,
            FactTerms.instant(start, Fact.INSTANT_ELEMENT, bound)));
  }

  @Override
  public Query compareText(FieldPath path, Filter.Comparison comparison, String bound) {
    byte[] start = FactTerms.path(path.segments());
    return either(
        texts(start, Fact.STRING, comparison, bound),
        texts(start, Fact.STRING_ELEMENT, comparison, bound));
  }

  /** Long texts that begin as a long bound does are tested: the index has them in no order. */
  private Query texts(byte[] path, Fact fact, Filter.Comparison comparison, String bound) {
    if (!FactTerms.isLong(bound)) {
      return range(path, fact, comparison, FactTerms.text(path, fact, bound));
    }
    BytesRef longer = FactTerms.longer(path, fact, bound);
    BytesRef end = FactTerms.endOfLonger(path, fact, bound);
    boolean above = comparison == Filter.Comparison.GT || comparison == Filter.Comparison.GTE;
    Query others =
        above
            ? range(path, fact, Filter.Comparison.GTE, end)
            : range(path, fact, Filter.Comparison.LT, longer);
    Query tested = new TermRangeQuery(Documents.FACTS, longer, end, true, false);
    return either(others, new PayloadQuery(tested, filter));
  }

  private static Query range(byte[] path, Fact fact, Filter.Comparison comparison, BytesRef bound) {
    BytesRef first = FactTerms.term(path, fact);
    BytesRef end = FactTerms.end(path, fact);
    return switch (comparison) {
      case GT -> new TermRangeQuery(Documents.FACTS, bound, end, false, false);
      case GTE -> new TermRangeQuery(Documents.FACTS, bound, end, true, false);
      case LT -> new TermRangeQuery(Documents.FACTS, first, bound, true, false);
      case LTE -> new TermRangeQuery(Documents.FACTS, first, bound, true, true);
    };
  }

  private static Query either(Query a, Query b) {
    return new BooleanQuery.Builder().add(a, Occur.SHOULD).add(b, Occur.SHOULD).build();
  }

  @Override
  public Query exists(FieldPath path) {
    return fact(FactTerms.path(path.segments()), Fact.EXISTS);
  }

  @Override
  public Query isNull(FieldPath path) {
    byte[] start = FactTerms.path(path.segments());
    return new TermInSetQuery(
        Documents.FACTS,
        List.of(FactTerms.term(start, Fact.NULL), FactTerms.term(start, Fact.NULL_ELEMENT)));
  }

  @Override
  public Query containsJson(List<String> segments, Value contained) {
    byte[] path = FactTerms.path(segments);
    if (!(contained instanceof Value.ObjectValue) && !(contained instanceof Value.ListValue)) {
      // At the top, and only there, a list contains a scalar.
      return in(new FieldPath(segments), contained);
    }
    BooleanQuery.Builder facts = new BooleanQuery.Builder();
    boolean exact = addContained(facts, path, contained);
    Query candidates = facts.build();
    return exact ? candidates : new PayloadQuery(candidates, filter);
  }

  private Query in(FieldPath path, Value scalar) {
    return scalar instanceof Value.NullValue ? isNull(path) : eq(path, scalar);
  }

  /** Adds what the index knows; returns whether that is all. */
  private boolean addContained(BooleanQuery.Builder facts, byte[] path, Value contained) {
    if (contained instanceof Value.ObjectValue object) {
      if (path.length > 0) {
        facts.add(fact(path, Fact.OBJECT), Occur.FILTER);
      }
      boolean exact = true;
      for (Map.Entry<String, Value> entry : object.entries().entrySet()) {
        exact &= addContained(facts, FactTerms.child(path, entry.getKey()), entry.getValue());
      }
      return exact;
    }
    if (contained instanceof Value.ListValue list) {
      facts.add(fact(path, Fact.LIST), Occur.FILTER);
      boolean exact = true;
      for (Value element : list.elements()) {
        exact &= addScalar(facts, ScalarFacts.OF_ELEMENT.term(path, element));
      }
      return exact;
    }
    return addScalar(facts, ScalarFacts.OF_VALUE.term(path, contained));
  }

  private static boolean addScalar(BooleanQuery.Builder facts, @Nullable BytesRef term) {
    if (term == null) {
      return false;
    }
    facts.add(new TermQuery(new Term(Documents.FACTS, term)), Occur.FILTER);
    return true;
  }

  @Override
  public Query contains(FieldPath path, String part) {
    return new PayloadQuery(exists(path), filter);
  }

  @Override
  public Query containsText(FieldPath path, String part) {
    return new PayloadQuery(exists(path), filter);
  }

  @Override
  public Query matchesText(FieldPath path, List<String> terms) {
    return text(path, terms);
  }

  @Override
  public Query matchesPhrase(FieldPath path, List<String> terms) {
    return text(path, terms.stream().filter(term -> !term.equals(TextTerms.GAP)).toList());
  }

  /** The index knows the terms of a field, not which of them stand in one string and where. */
  private Query text(FieldPath path, List<String> terms) {
    byte[] start = FactTerms.path(path.segments());
    BooleanQuery.Builder all = new BooleanQuery.Builder();
    terms.stream()
        .distinct()
        .limit(MAX_TEXT_TERMS)
        .map(term -> FactTerms.text(start, Fact.TEXT_TERM, term))
        .forEach(term -> all.add(new TermQuery(new Term(Documents.FACTS, term)), Occur.FILTER));
    if (lateTexts.contains(path)) {
      return new PayloadQuery(either(all.build(), except(fact(start, Fact.TEXT_INDEXED))), filter);
    }
    return terms.size() == 1 ? all.build() : new PayloadQuery(all.build(), filter);
  }

  private static Query fact(byte[] path, Fact fact) {
    return new TermQuery(new Term(Documents.FACTS, FactTerms.term(path, fact)));
  }
}
