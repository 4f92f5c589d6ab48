package dev.vectorstore.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.vectorstore.RecordId;
import dev.vectorstore.VectorRecord;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class JudgedSetTest {
  /** Of the pages that were judged: others under the same ids have to be judged anew. */
  private static final String PAGES =
      "aaaa95866f6491b559c84a18e8db6fdacbd834d0fcdefbdbaade2c9b0ded3d43";

  private final JudgedSet judged = JudgedSet.load();

  @Test
  void hundredQuestionsAreJudgedOverPagesThatAreThere() throws Exception {
    List<VectorRecord> records = JudgedPages.records();
    Set<RecordId> there = records.stream().map(VectorRecord::id).collect(Collectors.toSet());
    assertThat(records).hasSizeGreaterThanOrEqualTo(5000);
    assertThat(judged.questions()).hasSize(100).doesNotHaveDuplicates();
    assertThat(judged.kinds()).containsOnly("identifiers", "keywords", "sentences", "paraphrases");
    for (int question = 0; question < judged.questions().size(); question++) {
      Map<Long, Integer> grades = judged.grades(question);
      assertThat(grades.keySet()).allMatch(page -> there.contains(RecordId.of(page)));
      assertThat(grades.values())
          .allMatch(grade -> grade >= 0 && grade <= 3)
          .as(judged.questions().get(question))
          .anyMatch(grade -> grade > 0);
    }
    assertThat(digest(records)).isEqualTo(PAGES);
  }

  private static String digest(List<VectorRecord> records) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    for (VectorRecord record : records) {
      String page = record.id() + "\n" + record.payload().text("content").orElse("") + "\n";
      digest.update(page.getBytes(StandardCharsets.UTF_8));
    }
    return new BigInteger(1, digest.digest()).toString(16);
  }

  @Test
  void theGainIsOneForTheBestOrderAndNoneForPagesThatDoNotHelp() {
    List<Long> best = new ArrayList<>(judged.grades(0).keySet());
    best.sort((a, b) -> judged.grades(0).get(b) - judged.grades(0).get(a));
    assertThat(judged.ndcg(0, best)).isCloseTo(1, within(1e-12));
    assertThat(judged.ndcg(0, best.subList(0, 10))).isCloseTo(1, within(1e-12));
    List<Long> worst = new ArrayList<>(best);
    Collections.reverse(worst);
    assertThat(judged.ndcg(0, worst)).isLessThan(0.5);
    assertThat(judged.ndcg(0, List.of(-1L, -2L))).isZero();
    // A page of grade 3 in the second place alone, beside 3, 3, 2, 2 and four of 1.
    assertThat(judged.ndcg(0, List.of(-1L, best.get(0))))
        .isCloseTo(
            7
                / log(3)
                / (7 / log(2)
                    + 7 / log(3)
                    + 3 / log(4)
                    + 3 / log(5)
                    + 1 / log(6)
                    + 1 / log(7)
                    + 1 / log(8)
                    + 1 / log(9)),
            within(1e-12));
  }

  private static double log(double x) {
    return Math.log(x) / Math.log(2);
  }
}
