package dev.vectorstore.embedded;

import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Metric;
import dev.vectorstore.Projection;
import dev.vectorstore.SearchHit;
import dev.vectorstore.VectorSpec;
import dev.vectorstore.support.Legs;
import dev.vectorstore.support.NearestQuery;
import dev.vectorstore.support.RankedLegs;
import dev.vectorstore.support.RankedQuery;
import dev.vectorstore.support.ScanQuery;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;

/**
 * Searches of one collection. All that one call asks for is answered from one state, so that it
 * sees an atomic batch wholly or not at all. Safe for threads.
 */
final class EmbeddedSearches {
  private final CollectionSpec spec;

  EmbeddedSearches(CollectionSpec spec) {
    this.spec = spec;
  }

  /** Refuses to read a vector that was dropped since the collection was opened. */
  void requireVectors(CollectionIndex index, Projection projection) {
    spec.vectors().keySet().stream().filter(projection::hasVector).forEach(index.vectors()::of);
  }

  List<List<SearchHit>> nearest(
      CollectionIndex index, List<NearestQuery<Query>> queries, Deadline deadline) {
    queries.forEach(query -> requireVectors(index, query.projection()));
    return index.read(
        deadline,
        searcher -> {
          List<List<SearchHit>> answers = new ArrayList<>(queries.size());
          for (NearestQuery<Query> query : queries) {
            answers.add(nearest(searcher, query, index.vectors(), deadline));
          }
          return answers;
        });
  }

  private List<SearchHit> nearest(
      IndexSearcher searcher, NearestQuery<Query> query, VectorFields vectors, Deadline deadline)
      throws IOException {
    return new NearestSearch(searcher, metric(query), query, vectors, deadline).run();
  }

  private Metric metric(NearestQuery<Query> query) {
    return spec.vector(query.using()).metric();
  }

  List<List<SearchHit>> ranked(
      CollectionIndex index, List<RankedQuery<Query>> queries, Deadline deadline) {
    queries.forEach(query -> requireVectors(index, query.projection()));
    return index.read(deadline, searcher -> ranked(searcher, queries, index.vectors(), deadline));
  }

  private static List<List<SearchHit>> ranked(
      IndexSearcher searcher,
      List<RankedQuery<Query>> queries,
      VectorFields vectors,
      Deadline deadline)
      throws IOException {
    List<List<SearchHit>> answers = new ArrayList<>(queries.size());
    for (RankedQuery<Query> query : queries) {
      answers.add(new RankedSearch(searcher, query, vectors, deadline).run());
    }
    return answers;
  }

  RankedLegs rankedLegs(
      CollectionIndex index,
      NearestQuery<Query> nearest,
      List<RankedQuery<Query>> fields,
      Deadline deadline) {
    requireVectors(index, nearest.projection());
    return index.read(
        deadline,
        searcher ->
            new RankedLegs(
                nearest(searcher, nearest, index.vectors(), deadline),
                ranked(searcher, fields, index.vectors(), deadline)));
  }

  Legs legs(
      CollectionIndex index,
      NearestQuery<Query> nearest,
      NearestQuery<Query> matching,
      ScanQuery<Query> lacking,
      Deadline deadline) {
    requireVectors(index, nearest.projection());
    VectorFields vectors = index.vectors();
    ScanQuery<Query> without =
        new ScanQuery<>(
            vectors.lacking(nearest.using(), lacking.filter()),
            null,
            lacking.pageSize(),
            lacking.projection());
    return index.read(
        deadline,
        searcher ->
            new Legs(
                nearest(searcher, nearest, vectors, deadline),
                nearest(searcher, matching, vectors, deadline),
                new ScanPage(searcher, without, vectors, deadline).read().records()));
  }

  String explain(NearestQuery<Query> query) {
    return "nearest "
        + query.limit()
        + (query.using().equals(VectorSpec.PLAIN) ? "" : " by " + query.using())
        + (query.exact()
            ? " of all vectors compared"
            : " of " + NearestSearch.candidates(query, metric(query)) + " candidates of the graph")
        + Explanation.where(query.filter());
  }
}
