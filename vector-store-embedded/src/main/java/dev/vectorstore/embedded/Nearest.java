package dev.vectorstore.embedded;

import java.io.IOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.util.BytesRef;

/**
 * The best of many documents, in bounded memory. Of those that are as good as the worst of the
 * best, only the numbers are kept, until {@link #cutTies} chooses among them. For one thread.
 */
final class Nearest {
  private final PriorityQueue<Scored> best;
  private final int limit;
  private int[] tied = new int[0];
  private int tiedCount;

  Nearest(int limit) {
    this.limit = limit;
    best = new PriorityQueue<>();
  }

  void offer(int doc, double score) {
    if (best.size() < limit) {
      best.add(new Scored(doc, score));
      return;
    }
    int order = Double.compare(score, best.element().score());
    if (order > 0) {
      Scored out = best.remove();
      best.add(new Scored(doc, score));
      if (Double.compare(best.element().score(), out.score()) == 0) {
        addTied(out.doc());
      } else {
        tiedCount = 0;
      }
    } else if (order == 0) {
      addTied(doc);
    }
  }

  private void addTied(int doc) {
    if (tiedCount == tied.length) {
      tied = Arrays.copyOf(tied, Math.max(16, 2 * tied.length));
    }
    tied[tiedCount++] = doc;
  }

  /** Of the documents that are as good as the worst of the best, takes the first by id. */
  Nearest cutTies(IndexSearcher searcher) throws IOException {
    if (tiedCount == 0) {
      return this;
    }
    double worst = best.element().score();
    IntStream.Builder docs = IntStream.builder();
    Arrays.stream(tied, 0, tiedCount).forEach(docs);
    while (!best.isEmpty() && Double.compare(best.element().score(), worst) == 0) {
      docs.add(best.remove().doc());
    }
    int room = limit - best.size();
    PriorityQueue<ScanPage.Found> first =
        new PriorityQueue<>(Comparator.comparing(ScanPage.Found::id).reversed());
    Records.forEach(
        searcher,
        docs.build().sorted().toArray(),
        VectorFields.NONE,
        (leaf, doc, number) -> {
          BytesRef id = leaf.idBytes(doc);
          if (first.size() < room || id.compareTo(first.element().id()) < 0) {
            first.add(new ScanPage.Found(BytesRef.deepCopyOf(id), number));
            if (first.size() > room) {
              first.remove();
            }
          }
        });
    first.forEach(found -> best.add(new Scored(found.doc(), worst)));
    tiedCount = 0;
    return this;
  }

  int size() {
    return best.size();
  }

  /** The documents, in their order. */
  int[] docs() {
    return best.stream().mapToInt(Scored::doc).sorted().toArray();
  }

  /** The scores of the documents. */
  Map<Integer, Double> scores() {
    return best.stream().collect(Collectors.toMap(Scored::doc, Scored::score));
  }

  /** Worst first. */
  private record Scored(int doc, double score) implements Comparable<Scored> {
    @Override
    public int compareTo(Scored other) {
      return Double.compare(score, other.score);
    }
  }
}
