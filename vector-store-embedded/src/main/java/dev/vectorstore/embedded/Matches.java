package dev.vectorstore.embedded;

import java.io.IOException;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.Scorer;
import org.apache.lucene.search.ScorerSupplier;
import org.apache.lucene.search.TwoPhaseIterator;
import org.apache.lucene.search.Weight;
import org.apache.lucene.util.Bits;
import org.jspecify.annotations.Nullable;

/** The documents of one state of a collection that a query selects. For one thread. */
final class Matches {
  /** A payload is read and decoded, and some are long. */
  static final int STEPS_OF_A_TEST = 31;

  private final IndexSearcher searcher;
  private final @Nullable Weight weight;

  /**
   * The matches of a query.
   *
   * @param query the query, or null for all documents
   */
  Matches(IndexSearcher searcher, @Nullable Query query) throws IOException {
    this(searcher, query == null ? null : weight(searcher, query, ScoreMode.COMPLETE_NO_SCORES));
  }

  private Matches(IndexSearcher searcher, @Nullable Weight weight) {
    this.searcher = searcher;
    this.weight = weight;
  }

  /** The matches of a query that has scores. */
  static Matches scored(IndexSearcher searcher, Query query) throws IOException {
    return new Matches(searcher, weight(searcher, query, ScoreMode.COMPLETE));
  }

  private static Weight weight(IndexSearcher searcher, Query query, ScoreMode mode)
      throws IOException {
    return searcher.createWeight(searcher.rewrite(query), mode, 1);
  }

  /** A scorer of a segment, or null if nothing matches there. Not for the query null. */
  @Nullable Scorer scorer(LeafReaderContext leaf) throws IOException {
    return weight == null ? null : weight.scorer(leaf);
  }

  boolean isAll() {
    return weight == null;
  }

  /** About how many documents are looked at, or more. */
  long cost() throws IOException {
    if (weight == null) {
      return searcher.getIndexReader().maxDoc();
    }
    long cost = 0;
    for (LeafReaderContext leaf : searcher.getLeafContexts()) {
      ScorerSupplier scorer = weight.scorerSupplier(leaf);
      cost += scorer == null ? 0 : scorer.cost();
    }
    return cost;
  }

  /** Visits every match, segment by segment, in the order of the documents. */
  void forEach(Deadline deadline, LeafVisitor visitor) throws IOException {
    for (LeafReaderContext leaf : searcher.getLeafContexts()) {
      if (weight == null) {
        DocIdSetIterator all = DocIdSetIterator.all(leaf.reader().maxDoc());
        visitLive(leaf, all, deadline, visitor.enter(leaf));
      } else {
        Scorer scorer = weight.scorer(leaf);
        if (scorer != null) {
          visit(leaf, scorer, deadline, visitor.enter(leaf));
        }
      }
    }
  }

  /** Visits every match with its score. */
  void forEachScored(Deadline deadline, ScoreVisitor visitor) throws IOException {
    for (LeafReaderContext leaf : searcher.getLeafContexts()) {
      Scorer scorer = scorer(leaf);
      if (scorer != null) {
        visit(leaf, scorer, deadline, doc -> visitor.visit(leaf.docBase + doc, scorer.score()));
      }
    }
  }

  long count(Deadline deadline) throws IOException {
    long[] count = {0};
    forEach(deadline, leaf -> doc -> count[0]++);
    return count[0];
  }

  /**
   * Payloads are tested here rather than inside of the iterator, which would go from match to match
   * without asking for the time.
   */
  private static void visit(
      LeafReaderContext leaf, Scorer scorer, Deadline deadline, DocVisitor visitor)
      throws IOException {
    TwoPhaseIterator tested = scorer.twoPhaseIterator();
    if (tested == null) {
      visitLive(leaf, scorer.iterator(), deadline, visitor);
      return;
    }
    DocVisitor test =
        doc -> {
          deadline.step(STEPS_OF_A_TEST);
          if (tested.matches()) {
            visitor.visit(doc);
          }
        };
    visitLive(leaf, tested.approximation(), deadline, test);
  }

  private static void visitLive(
      LeafReaderContext leaf, DocIdSetIterator docs, Deadline deadline, DocVisitor visitor)
      throws IOException {
    Bits live = leaf.reader().getLiveDocs();
    for (int doc = docs.nextDoc(); doc != DocIdSetIterator.NO_MORE_DOCS; doc = docs.nextDoc()) {
      deadline.step();
      if (live == null || live.get(doc)) {
        visitor.visit(doc);
      }
    }
  }

  /** Enters a segment. */
  @FunctionalInterface
  interface LeafVisitor {
    DocVisitor enter(LeafReaderContext leaf) throws IOException;
  }

  /** Visits documents by their number across the segments. */
  @FunctionalInterface
  interface ScoreVisitor {
    void visit(int number, double score);
  }

  /** Visits documents of a segment in their order. */
  @FunctionalInterface
  interface DocVisitor {
    void visit(int doc) throws IOException;
  }
}
