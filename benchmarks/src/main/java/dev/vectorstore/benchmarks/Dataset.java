package dev.vectorstore.benchmarks;

import dev.vectorstore.Embedding;
import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.VectorRecord;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Made records that are like documents: vectors of 384 dimensions in clusters (uniform ones have no
 * near neighbours, and every index looks bad on them), and 0.8 KB of text. The same for the same
 * seed.
 */
final class Dataset {
  static final int DIMENSION = 384;
  private static final int CLUSTERS = 200;
  private static final int TEXT_BYTES = 800;

  private final float[][] centres;
  private final long seed;

  Dataset(long seed) {
    this.seed = seed;
    Random random = new Random(seed);
    centres = new float[CLUSTERS][DIMENSION];
    for (float[] centre : centres) {
      for (int i = 0; i < DIMENSION; i++) {
        centre[i] = (float) random.nextGaussian();
      }
    }
  }

  Stream<VectorRecord> records(int count) {
    return IntStream.range(0, count).mapToObj(this::record);
  }

  /** A tenth of the records has {@code tenth = 0}. */
  VectorRecord record(int number) {
    Random random = new Random(seed * 31 + number);
    return VectorRecord.of(
        RecordId.of(number),
        vector(random),
        Payload.builder()
            .put("content", text(random))
            .put("source_id", "source-" + number % 20)
            .put("tenth", number % 10)
            .build());
  }

  Embedding query(int number) {
    return vector(new Random(~seed * 17 - number));
  }

  private Embedding vector(Random random) {
    float[] centre = centres[random.nextInt(CLUSTERS)];
    float[] vector = new float[DIMENSION];
    for (int i = 0; i < DIMENSION; i++) {
      vector[i] = centre[i] + 0.7f * (float) random.nextGaussian();
    }
    return Embedding.of(vector);
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder(TEXT_BYTES);
    while (text.length() < TEXT_BYTES) {
      text.append(String.format(Locale.ROOT, "word%03d ", random.nextInt(1000)));
    }
    return text.toString();
  }
}
