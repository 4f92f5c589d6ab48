package dev.vectorstore;

import static dev.vectorstore.Filter.and;
import static dev.vectorstore.Filter.field;
import static dev.vectorstore.Filter.not;
import static dev.vectorstore.Filter.or;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The case table of the two-valued logic: each predicate on each kind of value. */
class FilterMeaningTest {
  private static final RecordId ID = RecordId.of(7);
  private static final FieldPath X = FieldPath.of("x");
  private static final String MISSING = "{}";

  private static final List<String> DOCUMENTS =
      List.of(
          MISSING,
          "{\"x\": null}",
          "{\"x\": 3}",
          "{\"x\": 3.0}",
          "{\"x\": 4.5}",
          "{\"x\": \"3\"}",
          "{\"x\": \"Red Fox\"}",
          "{\"x\": \"2024-02-29T12:00:00Z\"}",
          "{\"x\": true}",
          "{\"x\": []}",
          "{\"x\": [null]}",
          "{\"x\": [1, 3, \"red\", true]}",
          "{\"x\": [[3]]}",
          "{\"x\": {}}",
          "{\"x\": {\"y\": 3}}",
          "{\"x\": [{\"y\": 3}]}");

  /** A filter and the indexes of the documents that it selects. */
  static Stream<Arguments> table() {
    Instant noon = Instant.parse("2024-02-29T12:00:00Z");
    return Stream.of(
        arguments("eq 3", X.eq(3), Set.of(2, 3, 11)),
        arguments("eq 3.0", X.eq(3.0), Set.of(2, 3, 11)),
        arguments("eq '3'", X.eq("3"), Set.of(5)),
        arguments("eq 'red'", X.eq("red"), Set.of(11)),
        arguments("eq 'Red'", X.eq("Red"), Set.of()),
        arguments("eq true", X.eq(true), Set.of(8, 11)),
        arguments("eq false", X.eq(false), Set.of()),
        arguments("in", X.in(4.5, "3", true), Set.of(4, 5, 8, 11)),
        arguments("in none", X.in(), Set.of()),
        arguments("gt 3", X.gt(3), Set.of(4)),
        arguments("gte 3", X.gte(3), Set.of(2, 3, 4, 11)),
        arguments("lt 3", X.lt(3), Set.of(11)),
        arguments("lte 3", X.lte(3.0), Set.of(2, 3, 11)),
        arguments("gt noon", X.gt(noon), Set.of()),
        arguments("gte noon", X.gte(noon), Set.of(7)),
        arguments("lt noon", X.lt(noon), Set.of()),
        arguments("lte noon", X.lte(noon), Set.of(7)),
        arguments("gt '3'", X.gt("3"), Set.of(6, 11)),
        arguments("gte '3'", X.gte("3"), Set.of(5, 6, 11)),
        arguments("lt 'R'", X.lt("R"), Set.of(5, 7)),
        arguments("lte ''", X.lte(""), Set.of()),
        arguments("gte ''", X.gte(""), Set.of(5, 6, 7, 11)),
        arguments("lt '2024-03'", X.lt("2024-03"), Set.of(7)),
        arguments("exists", X.exists(), Set.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)),
        arguments("isNull", X.isNull(), Set.of(1, 10)),
        arguments("x.y eq 3", field("x", "y").eq(3), Set.of(14)),
        arguments("x.y exists", field("x", "y").exists(), Set.of(14)),
        arguments("x.0 exists", field("x", "0").exists(), Set.of()),
        arguments("contains 3", X.containsJson(Value.of(3)), Set.of(2, 3, 11)),
        arguments("contains [3]", X.containsJson(Json.value("[3]")), Set.of(11)),
        arguments("contains []", X.containsJson(Json.value("[]")), Set.of(9, 10, 11, 12, 15)),
        arguments("contains {}", X.containsJson(Json.value("{}")), Set.of(13, 14)),
        arguments("contains [[3]]", X.containsJson(Json.value("[[3]]")), Set.of(12)),
        arguments("contains null", X.containsJson(Value.of(null)), Set.of(1, 10)),
        arguments("contains [{y:3}]", X.containsJson(Json.value("[{\"y\":3}]")), Set.of(15)),
        arguments("part 'ed F'", X.contains("ed F"), Set.of(6)),
        arguments("part 'ED F'", X.contains("ED F"), Set.of()),
        arguments("part 'red'", X.contains("red"), Set.of(11)),
        arguments("text 'ED F'", X.containsText("ED F"), Set.of(6)),
        arguments("terms 'fox red'", X.matchesText("FOX red"), Set.of(6)),
        arguments("terms 'red'", X.matchesText("red"), Set.of(6, 11)),
        arguments("phrase 'red fox'", X.matchesPhrase("red FOX"), Set.of(6)),
        arguments("phrase 'fox red'", X.matchesPhrase("fox red"), Set.of()),
        arguments("ids", Filter.ids(List.of(ID)), indexes()),
        arguments("other ids", Filter.ids(List.of(RecordId.of("7"))), Set.of()),
        arguments("no ids", Filter.ids(List.of()), Set.of()));
  }

  private static Set<Integer> indexes() {
    return Stream.iterate(0, i -> i + 1)
        .limit(DOCUMENTS.size())
        .collect(java.util.stream.Collectors.toSet());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("table")
  void selectsTheseAndItsComplementTheOthers(String name, Filter filter, Set<Integer> selected) {
    for (int i = 0; i < DOCUMENTS.size(); i++) {
      Payload payload = Json.payload(DOCUMENTS.get(i));
      boolean expected = selected.contains(i);
      assertThat(filter.test(ID, payload)).as("%s on %s", name, payload).isEqualTo(expected);
      assertThat(not(filter).test(ID, payload)).as("not").isEqualTo(!expected);
      assertThat(and(filter, not(filter)).test(ID, payload)).as("a and not a").isFalse();
      assertThat(or(filter, not(filter)).test(ID, payload)).as("a or not a").isTrue();
    }
  }

  @Test
  void numbersCompareExactlyBeyondTwoToThe53() {
    long big = (1L << 53) + 1;
    Payload odd = Payload.builder().put("x", big).build();
    assertThat(X.eq(big).test(ID, odd)).isTrue();
    assertThat(X.eq(big - 1).test(ID, odd)).isFalse();
    assertThat(X.eq(0x1p53).test(ID, odd)).isFalse();
    assertThat(X.gt(0x1p53).test(ID, odd)).isTrue();
    assertThat(X.lt(0x1p53 + 2).test(ID, odd)).isTrue();
    Payload top = Payload.builder().put("x", Long.MAX_VALUE).build();
    assertThat(X.eq(0x1p63).test(ID, top)).as("2^63 isn't 2^63 - 1").isFalse();
    assertThat(X.lt(0x1p63).test(ID, top)).isTrue();
    Payload bottom = Payload.builder().put("x", Long.MIN_VALUE).build();
    assertThat(X.eq(-0x1p63).test(ID, bottom)).isTrue();
    assertThat(X.gte(-0x1p63).test(ID, bottom)).isTrue();
    assertThat(X.gt(-1e300).test(ID, bottom)).isTrue();
    assertThat(X.lt(Double.MAX_VALUE).test(ID, top)).isTrue();
  }

  @Test
  void minusZeroIsZero() {
    Payload zero = Payload.builder().put("x", -0.0).build();
    assertThat(X.eq(0).test(ID, zero)).isTrue();
    assertThat(X.gte(0).test(ID, zero)).isTrue();
    assertThat(X.lt(0).test(ID, zero)).isFalse();
    assertThat(X.eq(-0.0)).isEqualTo(X.eq(0.0));
  }

  @Test
  void pathsAreLiteralKeys() {
    Payload odd = Json.payload("{\"a.b\": 1, \"a\": {\"c\": 2, \"\": 3}, \"it's \\\"q\\\"\": 4}");
    assertThat(field("a.b").eq(1).test(ID, odd)).isTrue();
    assertThat(field("a", "b").exists().test(ID, odd)).isFalse();
    assertThat(field("a.c").exists().test(ID, odd)).isFalse();
    assertThat(new FieldPath(List.of("a", "")).eq(3).test(ID, odd)).isTrue();
    assertThatThrownBy(() -> field("a", ""))
        .isInstanceOf(VectorStoreException.InvalidRequest.class)
        .hasMessageContaining("[\"a\", \"\"] has an empty segment");
    assertThat(field("it's \"q\"").eq(4).test(ID, odd)).isTrue();
  }

  @Test
  void allTermsOfAMatchStandInOneElement() {
    Payload list = Json.payload("{\"x\": [\"red fox\", \"lazy dog\"]}");
    assertThat(X.matchesText("red fox").test(ID, list)).isTrue();
    assertThat(X.matchesText("red dog").test(ID, list)).isFalse();
    assertThat(X.matchesPhrase("fox lazy").test(ID, list)).isFalse();
    assertThat(X.containsText("x l").test(ID, list)).isFalse();
  }

  @Test
  void aPhraseCanRepeatATerm() {
    Payload text = Json.payload("{\"x\": \"that that is is that that is not\"}");
    assertThat(X.matchesPhrase("is is that").test(ID, text)).isTrue();
    assertThat(X.matchesPhrase("that that that").test(ID, text)).isFalse();
    assertThat(X.matchesText("is is is is is").test(ID, text)).as("a set of terms").isTrue();
  }

  @Test
  void substringsAreLiteralAndCaseBlind() {
    Payload text = Json.payload("{\"x\": \"100%_\\\\ É STRASSE ΟΔΟΣ\"}");
    assertThat(X.containsText("100%_\\").test(ID, text)).isTrue();
    assertThat(X.containsText("%").test(ID, text)).isTrue();
    assertThat(X.containsText("1%0").test(ID, text)).isFalse();
    assertThat(X.containsText("é").test(ID, text)).isTrue();
    assertThat(X.containsText("straße").test(ID, text)).isFalse();
    assertThat(X.containsText("οδος").test(ID, text)).isTrue();
  }

  @Test
  void textsCompareByCodePoint() {
    Payload end = Json.payload("{\"x\": \"a\\uffff\"}");
    assertThat(X.lt("a\ud800\udc00").test(ID, end)).as("U+FFFF before U+10000").isTrue();
    assertThat(X.gt("a\ue000").test(ID, end)).isTrue();
    assertThat(X.gt("a").test(ID, end)).as("behind what it begins with").isTrue();
    assertThat(X.gte("a\uffff").test(ID, end)).isTrue();
    assertThat(X.gt("a\uffff").test(ID, end)).isFalse();
    assertThat(X.gt("B").test(ID, end)).as("by no collation").isTrue();
    assertThat(X.gt("B").toString()).contains("GT", "bound=B");
  }

  @Test
  void partsAreLiteralAndOfTheirCase() {
    Payload text = Json.payload("{\"x\": \"100%_\\\\ \u00c9 e\u0301\"}");
    assertThat(X.contains("100%_\\").test(ID, text)).isTrue();
    assertThat(X.contains("1%0").test(ID, text)).isFalse();
    assertThat(X.contains("\u00c9").test(ID, text)).isTrue();
    assertThat(X.contains("\u00e9").test(ID, text)).as("neither case nor form").isFalse();
    assertThat(X.contains("e").test(ID, text)).as("a mark is a character").isTrue();
  }

  @Test
  void whatHasNoMeaningIsRefused() {
    refused(() -> X.eq(Value.of(null)), "isNull");
    refused(() -> X.eq(Value.of(List.of(1))), "containsJson");
    refused(() -> X.in(List.of(java.util.Map.of())), "containsJson");
    refused(() -> X.gt(Double.NaN), "NaN");
    refused(() -> X.lte(Float.POSITIVE_INFINITY), "Infinity");
    refused(() -> X.contains(""), "contains(\"\") has no meaning; use exists()");
    refused(() -> X.containsText(""), "containsText(\"\") has no meaning; use exists()");
    refused(() -> X.contains("a\0"), "U+0000");
    refused(() -> X.gt("\ud800"), "surrogate");
    refused(() -> X.lte("a\0"), "U+0000");
    refused(() -> X.matchesText(" .,²-"), "no terms");
    refused(() -> X.matchesPhrase(""), "no terms");
    refused(Filter::and, "empty and");
    refused(Filter::or, "empty or");
    refused(() -> field(), "segments");
    refused(() -> field("__vs", "terms"), "reserved");
    refused(() -> field("a\0"), "U+0000");
    refused(() -> field("\ud800"), "surrogate");
    refused(() -> X.eq("\udc00"), "surrogate");
  }

  private static void refused(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String hint) {
    assertThatThrownBy(call)
        .isInstanceOf(VectorStoreException.InvalidRequest.class)
        .hasMessageContaining(hint);
  }
}
