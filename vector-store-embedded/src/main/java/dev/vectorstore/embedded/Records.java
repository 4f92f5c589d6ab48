package dev.vectorstore.embedded;

import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.VectorRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.PostingsEnum;
import org.apache.lucene.index.Terms;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.util.Bits;
import org.apache.lucene.util.BytesRef;

/** Finds documents by id and reads records of documents, numbered across the segments. */
final class Records {
  private static final int NONE = -1;

  private Records() {}

  /** The documents of these ids, where they are, in their order. */
  static int[] find(IndexSearcher searcher, Collection<RecordId> ids) throws IOException {
    // In the order of the dictionary, so that each segment's is gone through once.
    BytesRef[] sorted = ids.stream().map(IdBytes::of).sorted().toArray(BytesRef[]::new);
    IntStream.Builder found = IntStream.builder();
    for (LeafReaderContext leaf : searcher.getLeafContexts()) {
      Terms terms = leaf.reader().terms(Documents.ID);
      if (terms != null) {
        find(leaf, terms.iterator(), sorted, found);
      }
    }
    int[] docs = found.build().toArray();
    Arrays.sort(docs);
    return docs;
  }

  private static void find(
      LeafReaderContext leaf, TermsEnum terms, BytesRef[] ids, IntStream.Builder found)
      throws IOException {
    PostingsEnum postings = null;
    for (BytesRef id : ids) {
      if (terms.seekExact(id)) {
        postings = terms.postings(postings, PostingsEnum.NONE);
        int doc = live(leaf.reader(), postings);
        if (doc != NONE) {
          found.add(leaf.docBase + doc);
        }
      }
    }
  }

  /** The one live document of an id, or -1; replaced ones stay in a segment until it is merged. */
  static int live(LeafReader reader, PostingsEnum postings) throws IOException {
    Bits live = reader.getLiveDocs();
    for (int doc = postings.nextDoc();
        doc != DocIdSetIterator.NO_MORE_DOCS;
        doc = postings.nextDoc()) {
      if (live == null || live.get(doc)) {
        return doc;
      }
    }
    return NONE;
  }

  /** The records of these documents, which are in their order. */
  static List<VectorRecord> read(
      IndexSearcher searcher, int[] docs, Projection projection, VectorFields fields)
      throws IOException {
    List<VectorRecord> records = new ArrayList<>(docs.length);
    forEach(
        searcher, docs, fields, (leaf, doc, number) -> records.add(leaf.record(doc, projection)));
    return records;
  }

  /** Visits documents, which are in their order. */
  static void forEach(
      IndexSearcher searcher, int[] docs, VectorFields fields, RecordVisitor visitor)
      throws IOException {
    int next = 0;
    for (LeafReaderContext leaf : searcher.getLeafContexts()) {
      int end = leaf.docBase + leaf.reader().maxDoc();
      if (next < docs.length && docs[next] < end) {
        LeafRecords records = new LeafRecords(leaf.reader(), fields);
        for (; next < docs.length && docs[next] < end; next++) {
          visitor.visit(records, docs[next] - leaf.docBase, docs[next]);
        }
      }
    }
  }

  /** Visits documents: by their number in the segment, and across the segments. */
  @FunctionalInterface
  interface RecordVisitor {
    void visit(LeafRecords leaf, int doc, int number) throws IOException;
  }
}
