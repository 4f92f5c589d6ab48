package dev.vectorstore.embedded;

import dev.vectorstore.Embedding;
import dev.vectorstore.Metric;
import dev.vectorstore.ScoreKind;
import dev.vectorstore.SearchHit;
import dev.vectorstore.support.NearestQuery;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnCollector;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TimeLimitingKnnCollectorManager;
import org.apache.lucene.search.knn.KnnCollectorManager;
import org.apache.lucene.search.knn.TopKnnCollectorManager;
import org.apache.lucene.util.BitSet;
import org.apache.lucene.util.Bits;
import org.apache.lucene.util.FixedBitSet;
import org.jspecify.annotations.Nullable;

/** One search by vector in one state of a collection. For one thread. */
final class NearestSearch {
  /** Candidates of the graph unless the request says so: recall at 10 above 0.98. */
  private static final int CANDIDATES = 100;

  /** The same for dot products, where the best are long vectors far away in the graph. */
  private static final int DOT_CANDIDATES = 200;

  /**
   * What a candidate of the graph costs, in comparisons one after the other: its neighbours are
   * compared too, wherever they are in memory. Measured with 100,000 vectors of 384 dimensions.
   */
  private static final double COMPARISONS_A_CANDIDATE = 64;

  private final IndexSearcher searcher;
  private final Metric metric;
  private final NearestQuery<Query> query;
  private final VectorFields fields;
  private final Deadline deadline;
  private final Similarity similarity;

  NearestSearch(
      IndexSearcher searcher,
      Metric metric,
      NearestQuery<Query> query,
      VectorFields fields,
      Deadline deadline) {
    this.searcher = searcher;
    this.metric = metric;
    this.query = query;
    this.fields = fields;
    this.deadline = deadline;
    similarity = new Similarity(metric, query.vector());
  }

  static int candidates(NearestQuery<Query> query, Metric metric) {
    int usual = metric == Metric.DOT ? DOT_CANDIDATES : CANDIDATES;
    return Math.max(query.limit(), query.effort().orElse(usual));
  }

  List<SearchHit> run() throws IOException {
    if (query.exact()) {
      return hits(exact());
    }
    Query filter = query.filter();
    return filter == null ? unfiltered() : filtered(filter);
  }

  /** The best by the reference score, which hits show; equal ones by id. */
  private Nearest exact() throws IOException {
    Contenders contenders = new Contenders(query.limit(), similarity);
    new Matches(searcher, query.filter())
        .forEach(deadline, leaf -> comparing(leaf, similarity::near, contenders::offer));
    Nearest best = new Nearest(query.limit());
    Records.forEach(
        searcher,
        contenders.docs(),
        fields,
        (leaf, doc, number) -> {
          deadline.step();
          Embedding vector = leaf.vector(doc, query.using()).orElseThrow();
          best.offer(number, metric.score(query.vector(), vector));
        });
    return best.cutTies(searcher);
  }

  private List<SearchHit> unfiltered() throws IOException {
    int vectors = 0;
    for (LeafReaderContext leaf : searcher.getLeafContexts()) {
      FloatVectorValues values = leaf.reader().getFloatVectorValues(fields.of(query.using()));
      vectors += values == null ? 0 : values.size();
    }
    Nearest nearest =
        compares(vectors, vectors) ? compareAll(new Matches(searcher, null)) : walkGraph(null);
    // A graph can have parts that no way leads to.
    return hits(nearest.size() < query.limit() ? compareAll(new Matches(searcher, null)) : nearest);
  }

  private List<SearchHit> filtered(Query filter) throws IOException {
    Selected selected = select(filter);
    boolean compares = compares(selected.count(), searcher.getIndexReader().maxDoc());
    Nearest nearest = compares ? compare(selected) : walkGraph(selected);
    return hits(nearest.size() < query.limit() ? compare(selected) : nearest);
  }

  /**
   * Whether comparing each costs less than a walk over the graph, which meets about candidates x
   * (all / selected) vectors before it has enough that are selected.
   */
  private boolean compares(long selected, long all) {
    double met = candidates(query, metric) * (double) all / Math.max(1, selected);
    return selected <= COMPARISONS_A_CANDIDATE * met;
  }

  private record Selected(List<@Nullable BitSet> leaves, long count) {}

  private Selected select(Query filter) throws IOException {
    List<@Nullable BitSet> leaves = new ArrayList<>();
    searcher.getLeafContexts().forEach(leaf -> leaves.add(null));
    long[] count = {0};
    new Matches(searcher, filter)
        .forEach(
            deadline,
            leaf -> {
              BitSet bits = new FixedBitSet(leaf.reader().maxDoc());
              leaves.set(leaf.ord, bits);
              return doc -> {
                bits.set(doc);
                count[0]++;
              };
            });
    return new Selected(leaves, count[0]);
  }

  private Nearest compareAll(Matches matches) throws IOException {
    Nearest nearest = new Nearest(query.limit());
    matches.forEach(deadline, leaf -> comparing(leaf, similarity::of, nearest::offer));
    return nearest;
  }

  private Nearest compare(Selected selected) throws IOException {
    Nearest nearest = new Nearest(query.limit());
    for (LeafReaderContext leaf : searcher.getLeafContexts()) {
      BitSet bits = selected.leaves().get(leaf.ord);
      if (bits != null) {
        Matches.DocVisitor compare = comparing(leaf, similarity::of, nearest::offer);
        for (int doc = bits.nextSetBit(0);
            doc != DocIdSetIterator.NO_MORE_DOCS;
            doc =
                doc + 1 < bits.length()
                    ? bits.nextSetBit(doc + 1)
                    : DocIdSetIterator.NO_MORE_DOCS) {
          deadline.step();
          compare.visit(doc);
        }
      }
    }
    return nearest;
  }

  /** Who takes documents with their similarities. */
  private interface Taker {
    void take(int doc, double similarity);
  }

  private Matches.DocVisitor comparing(
      LeafReaderContext leaf, ToDoubleFunction<float[]> similarity, Taker taker)
      throws IOException {
    FloatVectorValues vectors = leaf.reader().getFloatVectorValues(fields.of(query.using()));
    if (vectors == null) {
      return doc -> {};
    }
    return doc -> {
      if (vectors.docID() < doc) {
        vectors.advance(doc);
      }
      if (vectors.docID() == doc) {
        taker.take(leaf.docBase + doc, similarity.applyAsDouble(vectors.vectorValue()));
      }
    };
  }

  /** The best of the graph's candidates, compared again in double precision. */
  private Nearest walkGraph(@Nullable Selected selected) throws IOException {
    int candidates = candidates(query, metric);
    KnnCollectorManager collectors =
        new TimeLimitingKnnCollectorManager(
            new TopKnnCollectorManager(candidates, searcher), this::stepOfWalk);
    float[] target = Documents.indexed(query.vector(), metric);
    Nearest approximate = new Nearest(candidates);
    for (LeafReaderContext leaf : searcher.getLeafContexts()) {
      Bits accepted =
          selected == null ? leaf.reader().getLiveDocs() : selected.leaves().get(leaf.ord);
      if (selected == null || accepted != null) {
        KnnCollector collector = collectors.newCollector(Integer.MAX_VALUE, leaf);
        leaf.reader().searchNearestVectors(fields.of(query.using()), target, collector, accepted);
        for (ScoreDoc scored : collector.topDocs().scoreDocs) {
          approximate.offer(leaf.docBase + scored.doc, scored.score);
        }
      }
    }
    Nearest nearest = new Nearest(query.limit());
    Records.forEach(
        searcher,
        approximate.docs(),
        fields,
        (leaf, doc, number) ->
            nearest.offer(number, similarity.of(leaf.components(doc, query.using()))));
    return nearest;
  }

  /** Never asks to stop, which would pass for an answer, but throws. */
  private boolean stepOfWalk() {
    deadline.step();
    return false;
  }

  private List<SearchHit> hits(Nearest nearest) throws IOException {
    List<SearchHit> hits = new ArrayList<>(nearest.size());
    Records.forEach(
        searcher,
        nearest.docs(),
        fields,
        (leaf, doc, number) -> {
          Embedding vector = leaf.vector(doc, query.using()).orElseThrow();
          hits.add(
              SearchHit.of(
                  leaf.record(doc, query.projection()),
                  metric.score(query.vector(), vector),
                  ScoreKind.METRIC));
        });
    return hits;
  }
}
