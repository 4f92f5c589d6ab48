package dev.vectorstore.embedded;

import dev.vectorstore.Filter;
import java.io.IOException;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.search.ConstantScoreScorer;
import org.apache.lucene.search.ConstantScoreWeight;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.QueryVisitor;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.Scorer;
import org.apache.lucene.search.ScorerSupplier;
import org.apache.lucene.search.TwoPhaseIterator;
import org.apache.lucene.search.Weight;
import org.jspecify.annotations.Nullable;

/**
 * Selects those of the candidates whose payload passes the filter. What the index alone can't say
 * is decided by the meaning of the filter.
 */
final class PayloadQuery extends Query {
  /** A payload is read and decoded: some thousand times the cost of a step in a list. */
  private static final float MATCH_COST = 5_000;

  private final Query candidates;
  private final Filter filter;

  PayloadQuery(Query candidates, Filter filter) {
    this.candidates = candidates;
    this.filter = filter;
  }

  Query candidates() {
    return candidates;
  }

  @Override
  public Query rewrite(IndexSearcher searcher) throws IOException {
    Query rewritten = candidates.rewrite(searcher);
    return rewritten.equals(candidates) ? this : new PayloadQuery(rewritten, filter);
  }

  @Override
  public Weight createWeight(IndexSearcher searcher, ScoreMode scoreMode, float boost)
      throws IOException {
    Weight among = candidates.createWeight(searcher, ScoreMode.COMPLETE_NO_SCORES, 1);
    return new ConstantScoreWeight(this, boost) {
      @Override
      public @Nullable ScorerSupplier scorerSupplier(LeafReaderContext leaf) throws IOException {
        ScorerSupplier supplier = among.scorerSupplier(leaf);
        return supplier == null ? null : new Tested(this, scoreMode, leaf, supplier);
      }

      @Override
      public @Nullable Scorer scorer(LeafReaderContext leaf) throws IOException {
        ScorerSupplier supplier = scorerSupplier(leaf);
        return supplier == null ? null : supplier.get(Long.MAX_VALUE);
      }

      @Override
      public boolean isCacheable(LeafReaderContext leaf) {
        return false;
      }
    };
  }

  private final class Tested extends ScorerSupplier {
    private final Weight weight;
    private final ScoreMode scoreMode;
    private final LeafReaderContext leaf;
    private final ScorerSupplier among;

    Tested(Weight weight, ScoreMode scoreMode, LeafReaderContext leaf, ScorerSupplier among) {
      this.weight = weight;
      this.scoreMode = scoreMode;
      this.leaf = leaf;
      this.among = among;
    }

    @Override
    public Scorer get(long leadCost) throws IOException {
      return new ConstantScoreScorer(
          weight, 1, scoreMode, matching(leaf, among.get(leadCost).iterator()));
    }

    @Override
    public long cost() {
      return among.cost();
    }
  }

  private TwoPhaseIterator matching(LeafReaderContext leaf, DocIdSetIterator candidates)
      throws IOException {
    LeafRecords records = new LeafRecords(leaf.reader());
    return new TwoPhaseIterator(candidates) {
      @Override
      public boolean matches() throws IOException {
        int doc = approximation.docID();
        return filter.test(records.id(doc), records.payload(doc));
      }

      @Override
      public float matchCost() {
        return MATCH_COST;
      }
    };
  }

  @Override
  public void visit(QueryVisitor visitor) {
    visitor.visitLeaf(this);
  }

  /** What is tested, without its values. */
  @Override
  public String toString(String field) {
    return Explanation.of(this);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PayloadQuery query
        && candidates.equals(query.candidates)
        && filter.equals(query.filter);
  }

  @Override
  public int hashCode() {
    return 31 * candidates.hashCode() + filter.hashCode();
  }
}
