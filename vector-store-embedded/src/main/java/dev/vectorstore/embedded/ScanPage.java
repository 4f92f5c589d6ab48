package dev.vectorstore.embedded;

import dev.vectorstore.Page;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.support.ScanQuery;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.Scorer;
import org.apache.lucene.search.TwoPhaseIterator;
import org.apache.lucene.util.BytesRef;
import org.jspecify.annotations.Nullable;

/**
 * One page of a scan in one state of a collection: the records behind the last id of the page
 * before, in the order of the ids. For one thread.
 */
final class ScanPage {
  /** A filter that looks at so few documents is asked first, and its matches are sorted. */
  private static final int FEW = 10_000;

  private static final int MAX_CHUNK = 8_192;

  private final IndexSearcher searcher;
  private final ScanQuery<Query> query;
  private final VectorFields fields;
  private final Deadline deadline;
  private final Matches matches;
  private final @Nullable BytesRef after;

  ScanPage(IndexSearcher searcher, ScanQuery<Query> query, VectorFields fields, Deadline deadline)
      throws IOException {
    this.searcher = searcher;
    this.query = query;
    this.fields = fields;
    this.deadline = deadline;
    matches = new Matches(searcher, query.filter());
    after = query.cursor() == null ? null : position(query.cursor());
  }

  private static BytesRef position(String cursor) {
    try {
      BytesRef id = new BytesRef(HexFormat.of().parseHex(cursor));
      IdBytes.read(id);
      return id;
    } catch (IllegalArgumentException | java.nio.BufferUnderflowException damaged) {
      throw new InvalidRequest("the cursor is damaged; start the scan without a cursor", damaged);
    }
  }

  Page read() throws IOException {
    return matches.isAll() || looksAtMany(matches.cost()) ? inOrder() : sorted();
  }

  /** Whether each page would look at so many documents that going in order costs less. */
  private boolean looksAtMany(long cost) {
    return cost > FEW
        || cost > Math.max(4L * query.pageSize(), searcher.getIndexReader().numDocs() / 8);
  }

  /** All matches behind the cursor, of which the first by id stay. */
  private Page sorted() throws IOException {
    PriorityQueue<Found> first = new PriorityQueue<>(Comparator.comparing(Found::id).reversed());
    int[] count = {0};
    matches.forEach(
        deadline,
        leaf -> {
          LeafRecords records = new LeafRecords(leaf.reader());
          return doc -> {
            BytesRef id = records.idBytes(doc);
            if (after == null || id.compareTo(after) > 0) {
              count[0]++;
              keep(first, id, leaf.docBase + doc);
            }
          };
        });
    List<Found> found = new ArrayList<>(first);
    found.sort(Comparator.comparing(Found::id));
    return page(found, count[0] > found.size());
  }

  private void keep(PriorityQueue<Found> first, BytesRef id, int doc) {
    if (first.size() < query.pageSize()) {
      first.add(new Found(BytesRef.deepCopyOf(id), doc));
    } else if (id.compareTo(first.element().id()) < 0) {
      first.remove();
      first.add(new Found(BytesRef.deepCopyOf(id), doc));
    }
  }

  /** Through the ids in their order, until the page is full. */
  private Page inOrder() throws IOException {
    IdOrder ids = new IdOrder(searcher, after);
    List<Found> found = new ArrayList<>();
    int chunk = query.pageSize();
    while (found.size() < query.pageSize()) {
      List<Found> next = ids.next(chunk, deadline);
      if (next.isEmpty()) {
        return page(found, false);
      }
      List<Found> matching = matches.isAll() ? next : matching(next);
      int room = query.pageSize() - found.size();
      if (matching.size() > room) {
        found.addAll(matching.subList(0, room));
        return page(found, true);
      }
      found.addAll(matching);
      chunk = Math.min(MAX_CHUNK, 2 * chunk);
    }
    return page(found, ids.hasNext());
  }

  /** Those of these documents that match, tested in the order of the documents. */
  private List<Found> matching(List<Found> candidates) throws IOException {
    Found[] byDoc = candidates.toArray(Found[]::new);
    Arrays.sort(byDoc, Comparator.comparingInt(Found::doc));
    List<Found> matching = new ArrayList<>();
    int next = 0;
    for (LeafReaderContext leaf : searcher.getLeafContexts()) {
      int end = leaf.docBase + leaf.reader().maxDoc();
      int from = next;
      while (next < byDoc.length && byDoc[next].doc() < end) {
        next++;
      }
      Scorer scorer = next == from ? null : matches.scorer(leaf);
      if (scorer != null) {
        addMatching(scorer, leaf, Arrays.asList(byDoc).subList(from, next), matching);
      }
    }
    matching.sort(Comparator.comparing(Found::id));
    return matching;
  }

  private void addMatching(
      Scorer scorer, LeafReaderContext leaf, List<Found> candidates, List<Found> matching)
      throws IOException {
    TwoPhaseIterator twoPhase = Optional.ofNullable(scorer.twoPhaseIterator()).orElse(null);
    var approximation = twoPhase == null ? scorer.iterator() : twoPhase.approximation();
    for (Found candidate : candidates) {
      deadline.step(twoPhase == null ? 1 : Matches.STEPS_OF_A_TEST);
      int doc = candidate.doc() - leaf.docBase;
      if (approximation.docID() < doc) {
        approximation.advance(doc);
      }
      if (approximation.docID() == doc && (twoPhase == null || twoPhase.matches())) {
        matching.add(candidate);
      }
    }
  }

  private Page page(List<Found> found, boolean more) throws IOException {
    int[] docs = found.stream().mapToInt(Found::doc).sorted().toArray();
    List<VectorRecord> records =
        new ArrayList<>(Records.read(searcher, docs, query.projection(), fields));
    records.sort(Comparator.comparing(VectorRecord::id));
    return new Page(
        records, more ? Optional.of(cursor(found.get(found.size() - 1).id())) : Optional.empty());
  }

  private static String cursor(BytesRef id) {
    return HexFormat.of().formatHex(id.bytes, id.offset, id.offset + id.length);
  }

  /**
   * A document.
   *
   * @param id its id, as bytes
   * @param doc its number across the segments
   */
  record Found(BytesRef id, int doc) {}
}
