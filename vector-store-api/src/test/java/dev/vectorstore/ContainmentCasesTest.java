package dev.vectorstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a live PostgreSQL 15 answered to {@code document @> contains}. */
class ContainmentCasesTest {
  record Case(JsonNode document, JsonNode contains, boolean result) {
    boolean beyondInt64() {
      return beyondInt64(document) || beyondInt64(contains);
    }

    private static boolean beyondInt64(JsonNode node) {
      if (node.isIntegralNumber()) {
        return node.bigIntegerValue().bitLength() > 63;
      }
      for (JsonNode child : node) {
        if (beyondInt64(child)) {
          return true;
        }
      }
      return false;
    }

    private boolean answer() {
      return Filter.containsJson(Json.payload(contains))
          .test(RecordId.of(1), Json.payload(document));
    }
  }

  static List<Case> all() {
    InputStream stream = ContainmentCasesTest.class.getResourceAsStream("/containment.jsonl");
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(Objects.requireNonNull(stream), StandardCharsets.UTF_8))) {
      return lines.lines().map(ContainmentCasesTest::parse).collect(Collectors.toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<Case> answered() {
    return all().stream().filter(c -> !c.beyondInt64()).collect(Collectors.toList());
  }

  static List<Case> beyondInt64() {
    return all().stream().filter(Case::beyondInt64).collect(Collectors.toList());
  }

  private static Case parse(String line) {
    try {
      JsonNode node = Json.MAPPER.readTree(line);
      return new Case(
          node.get("document"), node.get("contains"), node.get("result").booleanValue());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void theFileIsWhole() {
    assertThat(all()).hasSize(1980);
    assertThat(beyondInt64()).hasSize(131);
    assertThat(answered().stream().filter(Case::result)).hasSize(115);
    // The parser must not have turned the large integers into something that fits.
    assertThat(all().get(9).contains().get("a").bigIntegerValue())
        .isEqualTo(new BigInteger("12345678901234567890"));
  }

  @ParameterizedTest
  @MethodSource("answered")
  void containsJsonAnswersAsPostgresDoes(Case each) {
    assertThat(each.answer()).isEqualTo(each.result());
  }

  @ParameterizedTest
  @MethodSource("beyondInt64")
  void anIntegerBeyondInt64IsRefused(Case each) {
    assertThatThrownBy(each::answer)
        .isInstanceOf(VectorStoreException.InvalidRequest.class)
        .hasMessageContaining("int64");
  }
}
