package com.example.assistant;

import dev.vectorstore.Embedding;
import java.util.Locale;

/**
 * Turns a text into a vector by counting its words in 256 buckets. A real application calls its
 * embedding model here; this one needs no download and gives the same vector everywhere.
 */
final class HashingEmbedder {
  static final int DIMENSION = 256;

  private static final int SHORTEST_WORD = 4;

  private HashingEmbedder() {}

  static Embedding embed(String text) {
    float[] counts = new float[DIMENSION];
    for (String word : text.toLowerCase(Locale.ROOT).split("\\W+")) {
      if (word.length() >= SHORTEST_WORD) {
        counts[Math.floorMod(word.hashCode(), DIMENSION)]++;
      }
    }
    return Embedding.of(counts).normalized();
  }
}
