package dev.vectorstore.embedded;

import dev.vectorstore.Embedding;
import dev.vectorstore.Payload;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.VectorRecord;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
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
  private final LeafReader reader;
  private final VectorFields fields;
  private final Map<String, Optional<FloatVectorValues>> vectors = new HashMap<>();

  /** Without the vectors. */
  LeafRecords(LeafReader reader) throws IOException {
    this(reader, VectorFields.NONE);
  }

  LeafRecords(LeafReader reader, VectorFields fields) throws IOException {
    this.reader = reader;
    this.fields = fields;
    ids = DocValues.getBinary(reader, Documents.ID);
    payloads = DocValues.getBinary(reader, Documents.PAYLOAD);
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

  Optional<Embedding> vector(int doc, String name) throws IOException {
    float @Nullable [] components = at(doc, name);
    return components == null ? Optional.empty() : Optional.of(Embedding.of(components));
  }

  /** The vector of a document that has one; valid until the next call. */
  float[] components(int doc, String name) throws IOException {
    float @Nullable [] components = at(doc, name);
    if (components == null) {
      throw new IllegalStateException("document " + doc + " is in the graph without a vector");
    }
    return components;
  }

  private float @Nullable [] at(int doc, String name) throws IOException {
    Optional<FloatVectorValues> values = vectors.get(name);
    if (values == null) {
      values = Optional.ofNullable(reader.getFloatVectorValues(fields.of(name)));
      vectors.put(name, values);
    }
    if (values.isEmpty()) {
      return null;
    }
    FloatVectorValues there = values.get();
    int at = there.docID() < doc ? there.advance(doc) : there.docID();
    return at == doc ? there.vectorValue() : null;
  }

  VectorRecord record(int doc, Projection projection) throws IOException {
    boolean idOnly = projection.fields().filter(Set::isEmpty).isPresent();
    Payload payload = idOnly ? Payload.empty() : payload(doc);
    Map<String, Embedding> read = new LinkedHashMap<>();
    for (String name : projection.hasVectors() ? fields.names() : Set.<String>of()) {
      if (projection.hasVector(name)) {
        vector(doc, name).ifPresent(vector -> read.put(name, vector));
      }
    }
    return projection.apply(VectorRecord.of(id(doc), read, payload));
  }

  private static BytesRef valueOf(BinaryDocValues values, int doc) throws IOException {
    if (!values.advanceExact(doc)) {
      throw new IllegalStateException("document " + doc + " lacks a part that all have");
    }
    return values.binaryValue();
  }
}
