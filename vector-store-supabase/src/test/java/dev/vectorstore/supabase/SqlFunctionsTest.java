package dev.vectorstore.supabase;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.Value;
import dev.vectorstore.supabase.tables.JsonNumber;
import dev.vectorstore.testservers.PostgresDatabase;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestEngine;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The functions of our SQL that compute, each by a table of cases. */
@RequiresEngine(TestEngine.SUPABASE)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SqlFunctionsTest {
  private static final long SEED = 4;

  private PostgresDatabase database;

  @BeforeAll
  void install() {
    database = Installation.SUPERUSER.installed();
  }

  private String value(String expression) {
    return database.sql("set search_path = pg_catalog, vector_store; select " + expression).get(0);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "id_of(7::bigint); \\x000000000000000007",
        "id_of(-7::bigint); \\x025b2d375d",
        "id_of('a'::text); \\x0261",
        "id_of('0b7e2a5c-0000-4000-8000-000000000001'::uuid); \\x010b7e2a5c000040008000000000000001",
        "key_texts('\\x000000000000000007', false); {7}",
        "key_texts('\\x025b2d375d', false); {-7}",
        "key_texts('\\x025b2d375d', true); {[-7]}",
        "key_texts('\\x0261', true); {a}",
        "id_of_key('{int8}', '{7}'); \\x000000000000000007",
        "id_of_key('{text}', '{a}'); \\x0261",
        "id_of_key('{text,int4}', '{a,7}') = id_of('[\"a\",7]'); t",
        "id_of_key('{text,int4}', '{a}') is null; t",
        "id_name('\\x000000000000000007'); the record with number id 7",
        "micros('1970-01-01T00:00:00Z'); 0",
        "micros('1970-01-01T01:00:00+01:00'); 0",
        "micros('1969-12-31T23:59:59.999999Z'); -1",
        "micros('2024-02-29T12:00:00.1234567Z'); 1709208000123456",
        "micros('2023-02-29T12:00:00Z') is null; t",
        "micros('0000-01-01T00:00:00Z') is null; t",
        "micros('2024-01-01 00:00:00Z') is null; t",
        "instant_holds('\"1970-01-01T00:00:00Z\"', 'GTE', 0); t",
        "instant_holds('\"1970-01-01T00:00:00Z\"', 'GT', 0); f",
        "instant_holds('[1, \"1970-01-01T00:00:01Z\"]', 'GT', 0); t",
        "instant_holds('{\"a\": 1}', 'LT', 0); f",
        "instant_holds(null, 'LT', 0); f",
        "has_part('\"Red Fox\"', 'Fox', '', ''); t",
        "has_part('\"Red Fox\"', 'fox', '', ''); f",
        "has_part('\"Red Fox\"', 'fox', 'F', 'f'); t",
        "has_part('[1, \"fox\"]', 'fox', '', ''); t",
        "has_part('{\"fox\": 1}', 'fox', '', ''); f",
        "has_part('null', 'fox', '', ''); f",
        "exact(0.1); 0.1000000000000000055511151231257827021181583404541015625",
        "exact(-3); -3",
        "exact(9007199254740993); 9007199254740992",
        "exact(1e23); 99999999999999991611392",
        "exact(0); 0",
        "float_value(3::float8); 3.0",
        "float_value(0.1::real); 0.1",
        "float_value('NaN'::float8); \"NaN\"",
        "number_value(3); 3",
        "number_value(9223372036854775808); \"9223372036854775808\"",
        "number_value(0.50); 0.5",
        "number_value(0.12345678901234567890123); \"0.12345678901234567890123\"",
        "number_value('Infinity'); \"Infinity\"",
        "number_value('NaN'); \"NaN\"",
        "number_value(0.10000000000000001); 0.1",
        "number_value(9007199254740993.0); 9007199254740993",
        "number_value(4611686018427388000.0); 4611686018427388000",
        "number_value(4611686018427387904.0); 4611686018427387904.0",
        "number_value(9223372036854775809.0); \"9223372036854775809.0\"",
        "length(number_value(4.9e-324)::text) = 326; t",
        "jsonb_typeof(number_value(3e-324)); string",
        "jsonb_typeof(number_value(1e-400)); string",
        "jsonb_typeof(number_value(1e400 + 0.5)); string",
        "number_value(0.0); 0.0",
        "floats_value('[1e22, null, 7, \"NaN\", [-1e15]]'); [10000000000000000000000.0, null, 7, \"NaN\", [-1000000000000000.0]]",
        "is_given_back(5.684341886080803e-14, 2.0::float8 ^ -44); f",
        "is_given_back(5.684341886080802e-14, 2.0::float8 ^ -44); t",
        "is_rounded(0.10000000000000001, exact(0.1), 17); t",
        "is_rounded(0.10000000000000002, exact(0.1), 17); f",
        "last_place(12300, 3); 2",
        "last_place(0.1230, 3); -3",
        "seen('{\"a\": [12345678901234567890, 0.10000000000000001, 3], \"b\": \"x\"}');"
            + " {\"a\": [\"12345678901234567890\", 0.1, 3], \"b\": \"x\"}",
        "seen('12345678901234567890.0'); \"12345678901234567890.0\"",
        "seen('[]'); []",
        "seen_within('{}', 0); {}",
        "asked('[0.1, 10000000000000000000000, \"0.1\", {\"a\": 2.5}]'); [0.1, 10000000000000000000000, \"0.1\", {\"a\": 2.5}]",
        "asked('4.9e-324') = asked('5e-324'); t",
        "is_sure('3'); t",
        "is_sure('9223372036854775807'); t",
        "is_sure('9223372036854775808'); f",
        "is_sure('2.5'); t",
        "is_sure('0.1'); f",
        "is_sure('\"12345678901234567\"'); t",
        "is_sure('\"12345678901234567890\"'); f",
        "is_sure('\"0.100000000000000012\"'); f",
        "is_sure('\"0.10000000000000001\"'); t",
        "is_sure('null'); t",
        "all_sure('{\"a\": [1, \"x\", {}]}'); t",
        "all_sure('{\"a\": [1, {\"b\": 0.1}]}'); f",
        "sure_part('{\"a\": [1, 0.1], \"b\": 0.1, \"c\": {\"d\": \"x\"}}'); {\"a\": [1], \"c\": {\"d\": \"x\"}}",
        "sure_part('0.1') is null; t",
        "0.10000000000000001 = any (spellings('0.1')); t",
        "0.1000000000000000055511151231257827021181583404541015625 = any (spellings('0.1')); t",
        "spellings('1e-300') is null; t",
        "written('\"12345678901234567890\"'); {\"\\\"12345678901234567890\\\"\",12345678901234567890}",
        "written('10000000000000000000000') is null; t",
        "written('[1, 0.1]'); {[1]}",
        "base_type('information_schema.cardinal_number'::regtype); int4",
        "compares('5', 'GT', '4'); t",
        "compares('\"5\"', 'GT', '4'); f",
        "compares('\"b\"', 'GTE', '\"a\"'); t",
        "value_compares('[1, 9]', 'GT', '4'); t",
        "value_compares('12345678901234567890123', 'GT', '4'); f",
        "value_compares('12345678901234567890123', 'GT', '\"1\"'); t",
        "value_compares(null, 'GT', '4'); f",
        "wrapped('[\"a\", \"b\"]', '1'); {\"a\": {\"b\": 1}}",
        "hashes(array['1: red fox ']) = term_hashes('1', array['fox', 'red', '|']); t",
        "text_fields('[{\"path\": [\"a\"], \"type\": \"TERMS\"}, {\"path\": [\"b\"], \"type\": \"NUMBER\"}]'); [[0, [\"a\"]]]",
        "ranked_fields('[{\"path\": [\"a\"], \"type\": \"TERMS\"}, {\"path\": [\"b\"], \"type\": \"TEXT\"}]'); {1}",
        "vector_store.operator('DOT') like 'operator(%.<#>)'; t",
        "broken('23505', 'a\"b', ''); breaks the constraint \"a\"\"b\" of its table (23505)",
        "row_id_sql('{a,b}', '{text,int4}', 't.'); vector_store.id_of('[' operator(pg_catalog.||)"
            + " vector_store.quoted(t.a::pg_catalog.text) operator(pg_catalog.||) ','"
            + " operator(pg_catalog.||) t.b::pg_catalog.text operator(pg_catalog.||) ']')",
        "merged_fields('[{\"path\": [\"a\"], \"type\": \"TERMS\"}]', '[{\"path\": [\"a\"], \"type\": \"TEXT\"}]');"
            + " [{\"path\": [\"a\"], \"type\": \"TERMS\"}]",
        "fits_half('[0.5,2]'); t",
        "fits_half('[70000,2]'); f",
      })
  void computes(String expression, String expected) {
    assertThat(value(expression)).isEqualTo(expected);
  }

  private static double finite(double number) {
    return Double.isFinite(number) ? number : 0.5;
  }

  private static String anyDecimal(Random random) {
    BigDecimal any = new BigDecimal(finite(Double.longBitsToDouble(random.nextLong())));
    int digits = 1 + random.nextInt(20);
    return switch (random.nextInt(6)) {
      case 0 -> BigDecimal.valueOf(random.nextLong(), random.nextInt(30)).toPlainString();
      case 5 -> besidePowerOfTwo(random);
      case 1 -> BigDecimal.valueOf(random.nextInt(), random.nextInt(12)).toPlainString();
      case 2 ->
          new BigDecimal(random.nextGaussian()).round(new MathContext(digits)).toPlainString();
      case 3 ->
          new BigDecimal(
                  Math.pow(10, random.nextInt(30)) * random.nextDouble(), new MathContext(digits))
              .toPlainString();
      default ->
          any.abs().compareTo(BigDecimal.TEN.pow(60)) > 0
              ? "0.5"
              : any.round(new MathContext(digits)).toPlainString();
    };
  }

  /** A decimal is a number on the server as it is one for a client that reads it. */
  @Test
  void aDecimalIsWhatAClientReads() {
    Random random = new Random(SEED);
    List<String> decimals = new ArrayList<>();
    while (decimals.size() < 20_000) {
      String decimal = anyDecimal(random);
      decimals.add(decimal.contains(".") ? decimal : decimal + ".5");
    }
    List<String> answers =
        database.sql(
            "select vector_store.number_value(n) from unnest('{"
                + String.join(",", decimals)
                + "}'::numeric[]) with ordinality d(n, place) order by place");
    List<String> wrong = new ArrayList<>();
    for (int i = 0; i < decimals.size(); i++) {
      Value read = JsonNumber.decimal(decimals.get(i));
      if (!isTheSame(answers.get(i), read)) {
        wrong.add(decimals.get(i) + " is " + answers.get(i) + ", not " + read);
      }
    }
    assertThat(wrong).as("seed %d", SEED).isEmpty();
  }

  private static boolean isTheSame(String answer, @Nullable Value read) {
    if (read == null || answer.startsWith("\"")) {
      return read == null && answer.startsWith("\"");
    }
    BigDecimal number = new BigDecimal(answer);
    return read instanceof Value.DoubleValue meant
        ? number.scale() > 0 && number.doubleValue() == meant.value()
        : answer.equals(read.toString());
  }

  /** Beside a power of two, what it is rounded to can be another double's. */
  private static String besidePowerOfTwo(Random random) {
    BigDecimal power = new BigDecimal(Math.scalb(1.0, random.nextInt(120) - 100));
    BigDecimal rounded = power.round(new MathContext(15 + random.nextInt(4)));
    return rounded
        .add(rounded.ulp().multiply(BigDecimal.valueOf(random.nextInt(3) - 1)))
        .toPlainString();
  }
}
