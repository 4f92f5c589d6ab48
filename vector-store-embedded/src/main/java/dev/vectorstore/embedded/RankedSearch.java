package dev.vectorstore.embedded;

import dev.vectorstore.ScoreKind;
import dev.vectorstore.SearchHit;
import dev.vectorstore.support.RankedQuery;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;

/** One search of a field by relevance in one state of a collection. For one thread. */
final class RankedSearch {
  private final IndexSearcher searcher;
  private final RankedQuery<Query> query;
  private final VectorFields fields;
  private final Deadline deadline;

  RankedSearch(
      IndexSearcher searcher, RankedQuery<Query> query, VectorFields fields, Deadline deadline) {
    this.searcher = searcher;
    this.query = query;
    this.fields = fields;
    this.deadline = deadline;
  }

  List<SearchHit> run() throws IOException {
    Nearest best = new Nearest(query.limit());
    Matches.scored(searcher, compiled()).forEachScored(deadline, best::offer);
    best.cutTies(searcher);
    Map<Integer, Double> scores = best.scores();
    List<SearchHit> hits = new ArrayList<>(best.size());
    Records.forEach(
        searcher,
        best.docs(),
        fields,
        (leaf, doc, number) ->
            hits.add(
                SearchHit.of(
                    leaf.record(doc, query.projection()),
                    scores.getOrDefault(number, 0.0),
                    ScoreKind.RANKED_TEXT)));
    return hits;
  }

  private Query compiled() {
    Query relevant = RankedField.query(query.field(), query.terms());
    Query filter = query.filter();
    return filter == null
        ? relevant
        : new BooleanQuery.Builder().add(relevant, Occur.MUST).add(filter, Occur.FILTER).build();
  }
}
