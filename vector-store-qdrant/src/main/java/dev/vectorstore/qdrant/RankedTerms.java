package dev.vectorstore.qdrant;

import com.google.common.hash.HashFunction;
import com.google.common.hash.Hashing;
import dev.vectorstore.TextTerms;
import io.qdrant.client.grpc.Collections.Modifier;
import io.qdrant.client.grpc.Collections.SparseIndexConfig;
import io.qdrant.client.grpc.Collections.SparseVectorParams;
import io.qdrant.client.grpc.JsonWithInt;
import io.qdrant.client.grpc.Points.SparseVector;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Makes sparse vectors of terms. Each term has a dimension, and its weight is that part of BM25
 * which a record knows by itself; the server multiplies it with the term's rarity. Two terms can
 * have one dimension, so a search also asks for the terms themselves. Stateless.
 */
final class RankedTerms {
  private static final double K1 = 1.2;
  private static final double B = 0.75;

  /** The length of a usual text: what it is in a collection can't be known when it is written. */
  private static final double USUAL_LENGTH = 256;

  /** Stored with every record: another one would rank all of them wrongly. */
  private static final HashFunction HASH = Hashing.murmur3_32_fixed(0);

  private RankedTerms() {}

  static SparseVectorParams params(boolean onDisk) {
    SparseVectorParams.Builder params = SparseVectorParams.newBuilder().setModifier(Modifier.Idf);
    if (onDisk) {
      params.setIndex(SparseIndexConfig.newBuilder().setOnDisk(true));
    }
    return params.build();
  }

  /** The weights of what is stored of a text: a list of terms an element, with spaces between. */
  static SparseVector weights(Collection<JsonWithInt.Value> stored) {
    Map<String, Integer> occurrences = new TreeMap<>();
    int length = 0;
    for (JsonWithInt.Value element : stored) {
      for (String term : element.getStringValue().split(" ")) {
        if (!term.equals(TextTerms.GAP)) {
          occurrences.merge(term, 1, Integer::sum);
          length++;
        }
      }
    }
    double longer = K1 * (1 - B + B * length / USUAL_LENGTH);
    // The server refuses a dimension that comes twice.
    Map<Integer, Float> weights = new TreeMap<>(Integer::compareUnsigned);
    occurrences.forEach(
        (term, count) ->
            weights.merge(dimension(term), (float) (count / (count + longer)), Float::sum));
    return vector(weights);
  }

  static SparseVector query(List<String> terms) {
    Map<Integer, Float> weights = new TreeMap<>(Integer::compareUnsigned);
    terms.forEach(term -> weights.put(dimension(term), 1f));
    return vector(weights);
  }

  /** As Qdrant has them: without a sign. */
  static int dimension(String term) {
    return HASH.hashString(term, StandardCharsets.UTF_8).asInt();
  }

  private static SparseVector vector(Map<Integer, Float> weights) {
    return SparseVector.newBuilder()
        .addAllIndices(weights.keySet())
        .addAllValues(weights.values())
        .build();
  }
}
