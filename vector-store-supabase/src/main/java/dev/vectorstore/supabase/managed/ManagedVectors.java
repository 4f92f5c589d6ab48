package dev.vectorstore.supabase.managed;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Embedding;
import dev.vectorstore.Metric;
import dev.vectorstore.Projection;
import dev.vectorstore.VectorSpec;
import dev.vectorstore.supabase.tables.VectorColumn;
import dev.vectorstore.supabase.tables.VectorText;
import java.io.IOException;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The vectors of a collection of our SQL, as requests name them. Immutable. */
final class ManagedVectors {
  /** Beyond these, a sum of squares in Postgres' floats loses the direction. */
  private static final float LEAST = 0x1p-40f;

  private static final float MOST = 0x1p40f;

  /** Of half precision, which has 10 bits, and no numbers beyond 65,504. */
  private static final float LEAST_HALF = 0x1p-10f;

  private static final float MOST_HALF = 0x1p15f;

  private final Map<String, Known> vectors;
  private final boolean adopted;

  /**
   * A vector.
   *
   * @param spec its dimension and metric
   * @param token what tells it from another one that was made anew under its name
   * @param half whether its column has half precision
   */
  private record Known(VectorSpec spec, String token, boolean half) {}

  private ManagedVectors(Map<String, Known> vectors, boolean adopted) {
    this.vectors = Collections.unmodifiableMap(vectors);
    this.adopted = adopted;
  }

  static ManagedVectors of(JsonNode described) {
    Map<String, Known> vectors = new LinkedHashMap<>();
    for (JsonNode vector : described.path("vectors")) {
      VectorSpec spec =
          VectorSpec.of(
              vector.path("dimension").asInt(), Metric.valueOf(vector.path("metric").asText()));
      boolean half = vector.path("type").asText().equals("halfvec");
      vectors.put(
          vector.path("name").asText(), new Known(spec, vector.path("token").asText(), half));
    }
    return new ManagedVectors(vectors, described.path("adopted").asBoolean());
  }

  void declare(CollectionSpec.Builder spec) {
    vectors.forEach((name, vector) -> VectorColumn.declare(spec, name, vector.spec()));
  }

  boolean isEmpty() {
    return vectors.isEmpty();
  }

  /** All names, in one order. */
  List<String> names() {
    return List.copyOf(vectors.keySet());
  }

  /** The names of those that a projection has, in the order of all. */
  List<String> names(Projection projection) {
    return vectors.keySet().stream().filter(projection::hasVector).toList();
  }

  /** Says which vectors a request is about, so that the server refuses those that were changed. */
  void uses(JsonGenerator out, Collection<String> names) throws IOException {
    out.writeArrayFieldStart("uses");
    for (String name : names) {
      out.writeStartArray();
      out.writeString(name);
      out.writeString(known(name).token());
      out.writeEndArray();
    }
    out.writeEndArray();
  }

  /** Under cosine only the direction counts, and Postgres' floats lose it at odd lengths. */
  String query(String name, Embedding vector) {
    boolean cosine = known(name).spec().metric() == Metric.COSINE;
    return VectorText.write(cosine ? vector.normalized() : vector);
  }

  /**
   * A vector to be stored. That of an adopted table stays as it is where it can, so that its owner
   * finds what was there when a record is read and written back.
   */
  String stored(String name, Embedding vector) {
    Known known = known(name);
    boolean asItIs = adopted && keepsDirection(vector, known.half());
    return asItIs ? VectorText.write(vector) : query(name, vector);
  }

  private static boolean keepsDirection(Embedding vector, boolean half) {
    float largest = 0;
    for (int i = 0; i < vector.dimension(); i++) {
      largest = Math.max(largest, Math.abs(vector.at(i)));
    }
    return half
        ? largest >= LEAST_HALF && largest <= MOST_HALF
        : largest >= LEAST && largest <= MOST;
  }

  private Known known(String name) {
    Known known = vectors.get(name);
    if (known == null) {
      throw new IllegalStateException("the core names vectors of the collection only");
    }
    return known;
  }
}
