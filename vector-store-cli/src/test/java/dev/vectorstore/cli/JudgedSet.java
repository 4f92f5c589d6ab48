package dev.vectorstore.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Questions about the pages of the {@link Corpus}, with how well pages answer them. Immutable. */
final class JudgedSet {
  private final List<String> kinds = new ArrayList<>();
  private final List<String> questions = new ArrayList<>();
  private final List<Map<Long, Integer>> grades = new ArrayList<>();

  private JudgedSet() {
    for (String line : lines("questions.tsv")) {
      String[] columns = line.split("\t", 2);
      kinds.add(columns[0]);
      questions.add(columns[1]);
      grades.add(new HashMap<>());
    }
    for (String line : lines("judgments.tsv")) {
      String[] columns = line.split("\t", 3);
      Map<Long, Integer> ofQuestion = grades.get(Integer.parseInt(columns[0]) - 1);
      Integer before = ofQuestion.put(Long.valueOf(columns[1]), Integer.valueOf(columns[2]));
      if (before != null) {
        throw new IllegalStateException("judgments.tsv judges a page twice: " + line);
      }
    }
  }

  static JudgedSet load() {
    return new JudgedSet();
  }

  private static List<String> lines(String name) {
    InputStream in =
        Objects.requireNonNull(JudgedSet.class.getResourceAsStream("judged/" + name), name);
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      return lines.lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(name + " can't be read", e);
    }
  }

  /** The questions; a question is known by its place in this list. */
  List<String> questions() {
    return questions;
  }

  /** What kind of question each is: identifiers, keywords, sentences or paraphrases. */
  List<String> kinds() {
    return kinds;
  }

  /** The grade of each page that was looked at: 0 doesn't help, 3 answers the question. */
  Map<Long, Integer> grades(int question) {
    return grades.get(question);
  }

  /**
   * The normalised discounted cumulative gain of an answer's first 10: 1 if no order of pages is
   * better. A page that wasn't looked at counts as one that doesn't help.
   */
  double ndcg(int question, List<Long> answer) {
    Map<Long, Integer> known = grades(question);
    List<Integer> given = answer.stream().map(page -> known.getOrDefault(page, 0)).toList();
    List<Integer> best = known.values().stream().sorted(Comparator.reverseOrder()).toList();
    return gain(given) / gain(best);
  }

  private static double gain(List<Integer> grades) {
    double gain = 0;
    for (int i = 0; i < Math.min(JudgedPages.DEPTH, grades.size()); i++) {
      gain += (Math.pow(2, grades.get(i)) - 1) * Math.log(2) / Math.log(i + 2);
    }
    return gain;
  }
}
