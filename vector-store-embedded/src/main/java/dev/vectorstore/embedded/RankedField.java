package dev.vectorstore.embedded;

import dev.vectorstore.FieldPath;
import dev.vectorstore.Payload;
import java.util.List;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.FieldType;
import org.apache.lucene.index.IndexOptions;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.similarities.BM25Similarity;
import org.apache.lucene.search.similarities.Similarity;

/**
 * Indexes a field for ranking. Its terms are indexed once more, in a field of their own, where
 * Lucene keeps how often each occurs and how many there are. Stateless.
 */
final class RankedField {
  /** Of writers and searchers alike. */
  static final Similarity SIMILARITY = new BM25Similarity(1.2f, 0.75f);

  private static final String PREFIX = "ranked ";
  private static final FieldType TYPE = new FieldType();

  static {
    TYPE.setTokenized(true);
    TYPE.setIndexOptions(IndexOptions.DOCS_AND_FREQS);
    TYPE.freeze();
  }

  private RankedField() {}

  /** Adds a field's terms, if the payload has any. */
  static void add(Document document, FieldPath field, Payload payload) {
    List<String> terms = PayloadFacts.termsOf(payload, field);
    if (!terms.isEmpty()) {
      TermStream stream = new TermStream(terms.stream().map(FactTerms::text).toList());
      document.add(new Field(nameOf(field), stream, TYPE));
    }
  }

  /** The documents that have one of the terms; the more of them, the higher is the score. */
  static Query query(FieldPath field, List<String> terms) {
    BooleanQuery.Builder any = new BooleanQuery.Builder();
    terms.forEach(
        term ->
            any.add(new TermQuery(new Term(nameOf(field), FactTerms.text(term))), Occur.SHOULD));
    return any.build();
  }

  private static String nameOf(FieldPath field) {
    return PREFIX + field;
  }
}
