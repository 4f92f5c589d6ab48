package dev.vectorstore.supabase;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.FieldPath;
import dev.vectorstore.Filter;
import dev.vectorstore.RecordId;
import dev.vectorstore.Value;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestEngine;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A number of an adopted table has one meaning: that of the record which a reader gets. */
@RequiresEngine(TestEngine.SUPABASE)
class AdoptedNumbersTest extends TablesToAdopt {
  private static final long SEED = 9;
  private static final int ROWS = 600;

  private static double any(Random random, int row) {
    double number =
        switch (row % 4) {
          case 0 -> Double.longBitsToDouble(random.nextLong());
          case 1 -> random.nextGaussian() * Math.pow(10, random.nextInt(40) - 20);
          case 2 -> random.nextInt(1000) / 100.0 * 1e22;
          default -> random.nextInt(1000) / 100.0;
        };
    return Double.isFinite(number) ? number : 1;
  }

  private static float anyFloat(Random random, int row) {
    float number =
        row % 2 == 0
            ? Float.intBitsToFloat(random.nextInt())
            : (float) (random.nextGaussian() * 1_000);
    return Float.isFinite(number) ? number : 1;
  }

  /** Of all sizes, whole or not, with as many digits as a double has and more. */
  private static String anyDecimal(Random random, int row) {
    return switch (row % 5) {
      case 0 -> new BigDecimal(any(random, row)).toPlainString();
      case 1 -> Long.toString(random.nextLong());
      case 2 ->
          new BigDecimal(random.nextLong())
              .multiply(new BigDecimal(random.nextLong()))
              .toPlainString();
      case 3 -> new BigDecimal(random.nextLong()).movePointLeft(random.nextInt(25)).toPlainString();
      default -> BigDecimal.valueOf(random.nextInt(100_000), random.nextInt(5)).toPlainString();
    };
  }

  private List<VectorRecord> table() {
    Random random = new Random(SEED);
    server.sql(
        "create table numbers (id bigint primary key, f8 float8, f4 float4, n numeric, m jsonb)");
    server
        .database()
        .load(
            "numbers",
            List.of("id", "f8", "f4", "n", "m"),
            Stream.iterate(0, row -> row + 1)
                .limit(ROWS)
                .map(
                    row ->
                        List.of(
                            row,
                            any(random, row),
                            anyFloat(random, row),
                            anyDecimal(random, row),
                            "{\"n\": " + anyDecimal(random, row) + "}")));
    tables.adopt(TableAdoption.of("numbers").build());
    return Reading.all(owner.collection("numbers")).records();
  }

  @Test
  void aRecordsOwnValueFindsItAndComparisonsMeanWhatAReaderSees() {
    List<VectorRecord> all = table();
    assertThat(all).hasSize(ROWS);
    VectorCollection numbers = owner.collection("numbers");
    List<String> wrong = new ArrayList<>();
    int checks = 0;
    for (VectorRecord record : all) {
      for (String column : List.of("f8", "f4", "n")) {
        Value own = record.payload().get(column).orElseThrow();
        Filter filter = Filter.and(Filter.ids(List.of(record.id())), Filter.field(column).eq(own));
        checks++;
        if (numbers.count(filter) != 1) {
          wrong.add("seed " + SEED + ": " + filter);
        }
      }
    }
    Random random = new Random(SEED + 1);
    List<FieldPath> paths =
        List.of(FieldPath.of("f8"), FieldPath.of("f4"), FieldPath.of("n"), FieldPath.of("m", "n"));
    for (int i = 0; i < 400; i++) {
      FieldPath path = paths.get(i % paths.size());
      double bound = any(random, i / 4);
      Filter filter =
          switch (i % 7) {
            case 0 -> path.gt(bound);
            case 1 -> path.lte(bound);
            case 2 -> Filter.not(path.gte(bound));
            case 3 -> path.gt(Double.toString(bound));
            case 4 -> Filter.not(path.lt("5"));
            case 5 -> path.in(bound, 1, "7");
            default -> path.lt(random.nextLong());
          };
      checks++;
      long meant = all.stream().filter(filter::test).count();
      if (numbers.count(filter) != meant) {
        wrong.add(
            "seed "
                + SEED
                + ": "
                + filter
                + " selects "
                + numbers.count(filter)
                + ", not "
                + meant);
      }
    }
    assertThat(wrong).as("of %d checks", checks).isEmpty();
    tables.release("numbers");
    server.sql("drop table numbers");
  }

  @Test
  void aNumberThatIsATextToAReaderIsntDeletedAsANumber() {
    server.sql(
        "create table numt (id bigint primary key, n numeric, f float8); insert into numt values (1,"
            + " 3, 3), (2, 12345678901234567890123, 1e23), (3, 0.12345678901234567890123, 1.5), (4,"
            + " 9, 9)");
    tables.adopt(TableAdoption.of("numt").build());
    VectorCollection numt = owner.collection("numt");
    assertThat(numt.count(Filter.field("f").eq(1e23))).isEqualTo(1);
    numt.deleteWhere(Filter.field("n").gt(5));
    assertThat(Reading.all(numt).records())
        .extracting(VectorRecord::id)
        .containsExactly(RecordId.of(1), RecordId.of(2), RecordId.of(3));
    tables.release("numt");
    server.sql("drop table numt");
  }

  /** Postgres gives large tables to several processes, which may do less than one. */
  @Test
  void numbersOfALargeTableAreComparedInParallel() {
    server.sql(
        "create table crowd (id bigint primary key, n numeric, m jsonb, a float8[]) with"
            + " (parallel_workers = 2); insert into crowd select g, g + 0.5, jsonb_build_object('n',"
            + " g + 0.12345678901234567::float8), array[g * 1e18] from generate_series(1, 12000) g; analyze"
            + " crowd");
    tables.adopt(TableAdoption.of("crowd").build());
    VectorCollection crowd = owner.collection("crowd");
    assertThat(crowd.count(Filter.field("n").gt(10_000))).isEqualTo(2_001);
    assertThat(crowd.count(Filter.field("m", "n").lt(10.1))).isEqualTo(9);
    assertThat(crowd.count(Filter.field("m", "n").eq(7.12345678901234567))).isEqualTo(1);
    assertThat(crowd.count(Filter.field("a").eq(3e18))).isEqualTo(1);
    tables.release("crowd");
    server.sql("drop table crowd");
  }
}
