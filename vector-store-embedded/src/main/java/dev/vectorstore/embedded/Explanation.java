package dev.vectorstore.embedded;

import java.util.stream.Collectors;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermInSetQuery;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TermRangeQuery;
import org.jspecify.annotations.Nullable;

/** The shape of a query as text, without its values. */
final class Explanation {
  private Explanation() {}

  static String where(@Nullable Query query) {
    return query == null ? "" : " where " + of(query);
  }

  static String of(Query query) {
    if (query instanceof BooleanQuery bool) {
      return bool.clauses().stream()
          .map(Explanation::of)
          .collect(Collectors.joining(" ", "(", ")"));
    }
    if (query instanceof TermQuery term) {
      return term.getTerm().field() + ":term";
    }
    if (query instanceof TermInSetQuery terms) {
      return terms.getField() + ":terms";
    }
    if (query instanceof TermRangeQuery range) {
      return range.getField() + ":range";
    }
    if (query instanceof PayloadQuery tested) {
      return "payload test of " + of(tested.candidates());
    }
    return query instanceof MatchAllDocsQuery ? "all" : "none";
  }

  private static String of(BooleanClause clause) {
    return switch (clause.getOccur()) {
      case MUST, FILTER -> "+" + of(clause.getQuery());
      case MUST_NOT -> "-" + of(clause.getQuery());
      case SHOULD -> of(clause.getQuery());
    };
  }
}
