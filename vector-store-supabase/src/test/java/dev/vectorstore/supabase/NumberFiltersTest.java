package dev.vectorstore.supabase;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.Filter;
import dev.vectorstore.Projection;
import dev.vectorstore.ScanRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException.UnsupportedFeature;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestEngine;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Whatever number, in whatever type of column: a filter selects the records that {@link
 * Filter#test} does, or is refused. Each filter goes with its complement.
 */
@RequiresEngine(TestEngine.SUPABASE)
class NumberFiltersTest extends TablesToAdopt {
  /** Prime, so that each predicate meets each value; with {@code -Dlong=true} all are asked. */
  private static final int STEP = Boolean.getBoolean("long") ? 1 : 13;

  private final NumberTable table = new NumberTable();
  private VectorStore direct;

  @BeforeAll
  void fill() {
    server.sql(NumberTable.create("taken") + NumberTable.create("plain"));
    tables.adopt(TableAdoption.of("taken").build());
    server.postgrest().reloadSchema();
    direct = Reading.openDirect(server);
  }

  @AfterAll
  void close() {
    direct.close();
  }

  /** What was asked in one way, and what was answered otherwise than meant, by kind. */
  private final class Walk {
    private final VectorCollection collection;
    private final List<VectorRecord> all;
    private final Map<String, Integer> wrong = new TreeMap<>();
    private final Map<String, String> example = new TreeMap<>();
    private int answered;
    private int refused;

    Walk(VectorCollection collection) {
      this.collection = collection;
      all = Reading.all(collection).records();
      assertThat(all).hasSize(NumberTable.rows());
    }

    void run() {
      List<NumberTable.Case> cases = table.cases(all);
      for (int i = 0; i < cases.size(); i += STEP) {
        check(cases.get(i).kind(), cases.get(i).filter());
        check("not " + cases.get(i).kind(), Filter.not(cases.get(i).filter()));
      }
    }

    private void check(String kind, Filter filter) {
      List<String> meant =
          all.stream().filter(filter::test).map(record -> record.id().toString()).toList();
      List<String> selected;
      try {
        selected =
            Reading.all(collection, ScanRequest.all().filter(filter).projection(Projection.ids()))
                .ids();
      } catch (UnsupportedFeature notSaid) {
        refused++;
        return;
      }
      answered++;
      if (!meant.equals(selected)) {
        wrong.merge(kind, 1, Integer::sum);
        example.putIfAbsent(kind, filter + " selects " + selected + ", not " + meant);
      }
    }

    String report() {
      return wrong.entrySet().stream()
          .map(kind -> kind.getValue() + " " + kind.getKey() + ", as " + shortened(kind.getKey()))
          .collect(Collectors.joining("\n"));
    }

    private String shortened(String kind) {
      String text = example.get(kind);
      return text.length() < 300
          ? text
          : text.substring(0, 150) + "..." + text.substring(text.length() - 150);
    }
  }

  private Walk walk(VectorCollection collection) {
    Walk walk = new Walk(collection);
    walk.run();
    return walk;
  }

  @Test
  void anAdoptedTableAnswersAllAsItsRecordsMeanOverPostgrest() {
    Walk walk = walk(store.collection("taken"));
    assertThat(walk.report()).as("of %d answers", walk.answered).isEmpty();
    assertThat(walk.refused).isZero();
  }

  @Test
  void anAdoptedTableAnswersAllAsItsRecordsMeanDirectly() {
    Walk walk = walk(direct.collection("taken"));
    assertThat(walk.report()).as("of %d answers", walk.answered).isEmpty();
    assertThat(walk.refused).isZero();
  }

  @Test
  void aPlainTableAnswersAllAsItsRecordsMeanDirectly() {
    Walk walk = walk(direct.collection("plain"));
    assertThat(walk.report()).as("of %d answers", walk.answered).isEmpty();
    assertThat(walk.refused).isZero();
  }

  @Test
  void aPlainTableAnswersAsItsRecordsMeanOrRefusesOverPostgrest() {
    Walk walk = walk(store.collection("plain"));
    assertThat(walk.report()).as("of %d answers", walk.answered).isEmpty();
    assertThat(walk.answered).as("of %d refused", walk.refused).isGreaterThan(300);
  }
}
