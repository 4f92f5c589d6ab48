package dev.vectorstore.testservers;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Texts whose words are as frequent as those of natural ones: the n-th of them 1/n. Immutable. */
public final class ZipfTexts {
  /** How often one of the words up to each comes. */
  private final double[] upTo;

  /**
   * Texts over a vocabulary.
   *
   * @param words how many words it has
   */
  public ZipfTexts(int words) {
    upTo = new double[words];
    double sum = 0;
    for (int i = 0; i < words; i++) {
      sum += 1.0 / (i + 1);
      upTo[i] = sum;
    }
  }

  /**
   * A word.
   *
   * @param place its place among the words, 0 for the most frequent one
   * @return the word
   */
  public static String word(int place) {
    return "w" + place;
  }

  /**
   * A text.
   *
   * @param words how many words it has
   * @param random chooses them
   * @return the words with a space between them
   */
  public String text(int words, Random random) {
    return IntStream.range(0, words)
        .mapToObj(n -> word(place(random)))
        .collect(Collectors.joining(" "));
  }

  private int place(Random random) {
    int found = Arrays.binarySearch(upTo, random.nextDouble() * upTo[upTo.length - 1]);
    return found < 0 ? -found - 1 : found;
  }
}
