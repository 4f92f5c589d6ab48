package dev.vectorstore.embedded;

import dev.vectorstore.Embedding;
import dev.vectorstore.Payload;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.VectorRecord;
import java.io.IOException;
import java.util.Set;
import org.apache.lucene.index.BinaryDocValues;
import org.apache.lucene.index.DocValues;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.util.BytesRef;
import org.jspecify.annotations.Nullable;

/**
 * Reads records of a segment, in the order of their documents: each part only goes forward. For one
 * thread.
 */
final class LeafRecords {
  private final BinaryDocValues ids;
  private final BinaryDocValues payloads;
  private final @Nullable FloatVectorValues vectors;

  LeafRecords(LeafReader reader) throws IOException {
    ids = DocValues.getBinary(reader, Documents.ID);
    payloads = DocValues.getBinary(reader, Documents.PAYLOAD);
    vectors = reader.getFloatVectorValues(Documents.VECTOR);
  }

  /** Valid until the next call. */
  BytesRef idBytes(int doc) throws IOException {
    return valueOf(ids, doc);
  }

  RecordId id(int doc) throws IOException {
    return IdBytes.read(idBytes(doc));
  }

  Payload payload(int doc) throws IOException {
    return PayloadBytes.read(valueOf(payloads, doc));
  }

  @Nullable Embedding vector(int doc) throws IOException {
    if (vectors == null) {
      return null;
    }
    int at = vectors.docID() < doc ? vectors.advance(doc) : vectors.docID();
    return at == doc ? Embedding.of(vectors.vectorValue()) : null;
  }

  /** The vector of a document that has one; valid until the next call. */
  float[] components(int doc) throws IOException {
    if (vectors == null || (vectors.docID() < doc ? vectors.advance(doc) : doc) != doc) {
      throw new IllegalStateException("document " + doc + " is in the graph without a vector");
    }
    return vectors.vectorValue();
  }

  VectorRecord record(int doc, Projection projection) throws IOException {
    boolean idOnly = projection.fields().filter(Set::isEmpty).isPresent();
    Payload payload = idOnly ? Payload.empty() : payload(doc);
    Embedding vector = projection.hasVectors() ? vector(doc) : null;
    RecordId id = id(doc);
    return projection.apply(
        vector == null ? VectorRecord.of(id, payload) : VectorRecord.of(id, vector, payload));
  }

  private static BytesRef valueOf(BinaryDocValues values, int doc) throws IOException {
    if (!values.advanceExact(doc)) {
      throw new IllegalStateException("document " + doc + " lacks a part that all have");
    }
    return values.binaryValue();
  }
}
