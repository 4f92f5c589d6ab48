package dev.vectorstore.embedded;

import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Embedding;
import dev.vectorstore.FieldPath;
import dev.vectorstore.Metric;
import dev.vectorstore.RecordId;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.support.RankedFields;
import java.io.IOException;
import java.util.Set;
import org.apache.lucene.document.BinaryDocValuesField;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.FieldType;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.IndexOptions;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.util.BytesRef;

/** Records as Lucene's documents. */
final class Documents {
  /** The id: as a term, by which a record is replaced and found, and by document. */
  static final String ID = "id";

  /** The whole payload, by document. */
  static final String PAYLOAD = "payload";

  /** The facts of the payload, as terms. */
  static final String FACTS = "facts";

  private static final FieldType FACTS_TYPE = new FieldType();

  static {
    FACTS_TYPE.setTokenized(true);
    FACTS_TYPE.setOmitNorms(true);
    FACTS_TYPE.setIndexOptions(IndexOptions.DOCS);
    FACTS_TYPE.freeze();
  }

  private Documents() {}

  static Term idTerm(RecordId id) {
    return new Term(ID, IdBytes.of(id));
  }

  /** Vectors are in fields of their own, in the graph and by document. */
  static Document of(VectorRecord record, CollectionSpec spec, VectorFields fields)
      throws IOException {
    Document document = new Document();
    BytesRef id = IdBytes.of(record.id());
    document.add(new StringField(ID, id, Field.Store.NO));
    document.add(new BinaryDocValuesField(ID, id));
    document.add(new BinaryDocValuesField(PAYLOAD, PayloadBytes.of(record.payload())));
    Set<BytesRef> facts = PayloadFacts.of(record.payload(), spec.fields());
    if (!facts.isEmpty()) {
      document.add(new Field(FACTS, new TermStream(facts), FACTS_TYPE));
    }
    for (FieldPath field : RankedFields.of(spec)) {
      RankedField.add(document, field, record.payload());
    }
    record
        .vectors()
        .forEach(
            (name, vector) -> {
              String field = fields.of(name);
              Metric metric = spec.vector(name).metric();
              document.add(
                  new KnnFloatVectorField(field, indexed(vector, metric), similarity(metric)));
            });
    return document;
  }

  /** Cosine is the dot product of vectors of length 1, which costs a third. */
  static float[] indexed(Embedding vector, Metric metric) {
    return (metric == Metric.COSINE ? vector.normalized() : vector).toArray();
  }

  private static VectorSimilarityFunction similarity(Metric metric) {
    return switch (metric) {
      case COSINE -> VectorSimilarityFunction.DOT_PRODUCT;
      case DOT -> VectorSimilarityFunction.MAXIMUM_INNER_PRODUCT;
      case EUCLIDEAN -> VectorSimilarityFunction.EUCLIDEAN;
    };
  }
}
