package dev.vectorstore.embedded;

import dev.vectorstore.embedded.ScanPage.Found;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.PostingsEnum;
import org.apache.lucene.index.Terms;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.util.BytesRef;
import org.jspecify.annotations.Nullable;

/** The live documents in the order of their ids: the segments' dictionaries, merged. */
final class IdOrder {
  private final PriorityQueue<Dictionary> dictionaries =
      new PriorityQueue<>(Comparator.comparing(Dictionary::id));

  IdOrder(IndexSearcher searcher, @Nullable BytesRef after) throws IOException {
    for (LeafReaderContext leaf : searcher.getLeafContexts()) {
      Terms terms = leaf.reader().terms(Documents.ID);
      if (terms != null) {
        add(new Dictionary(leaf, terms.iterator()), after);
      }
    }
  }

  private void add(Dictionary dictionary, @Nullable BytesRef after) throws IOException {
    if (after == null ? dictionary.next() : dictionary.seekBehind(after)) {
      dictionaries.add(dictionary);
    }
  }

  boolean hasNext() {
    return !dictionaries.isEmpty();
  }

  /** So many documents, or fewer at the end. */
  List<Found> next(int count, Deadline deadline) throws IOException {
    List<Found> found = new ArrayList<>(count);
    while (found.size() < count && !dictionaries.isEmpty()) {
      deadline.step();
      Dictionary first = dictionaries.remove();
      found.add(new Found(BytesRef.deepCopyOf(first.id()), first.doc()));
      if (first.next()) {
        dictionaries.add(first);
      }
    }
    return found;
  }

  /** Stands at a live document of a segment. */
  private static final class Dictionary {
    private final LeafReaderContext leaf;
    private final TermsEnum terms;
    private @Nullable PostingsEnum postings;
    private BytesRef id = new BytesRef();
    private int doc;

    Dictionary(LeafReaderContext leaf, TermsEnum terms) {
      this.leaf = leaf;
      this.terms = terms;
    }

    BytesRef id() {
      return id;
    }

    int doc() {
      return leaf.docBase + doc;
    }

    boolean seekBehind(BytesRef after) throws IOException {
      TermsEnum.SeekStatus status = terms.seekCeil(after);
      if (status == TermsEnum.SeekStatus.END) {
        return false;
      }
      return status == TermsEnum.SeekStatus.FOUND || !standAt(terms.term()) ? next() : true;
    }

    boolean next() throws IOException {
      for (BytesRef term = terms.next(); term != null; term = terms.next()) {
        if (standAt(term)) {
          return true;
        }
      }
      return false;
    }

    private boolean standAt(BytesRef term) throws IOException {
      postings = terms.postings(postings, PostingsEnum.NONE);
      doc = Records.live(leaf.reader(), postings);
      id = term;
      return doc >= 0;
    }
  }
}
