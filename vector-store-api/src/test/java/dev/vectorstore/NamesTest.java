package dev.vectorstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vectorstore.VectorStoreException.InvalidRequest;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {
  @ParameterizedTest
  @ValueSource(strings = {"1a", "_a", "-a", "a b", "a.b", "é", "a/b", "a\n", "a'b", "aé"})
  void aNameThatIsNotPortableDescribesAndMakesNothing(String name) {
    assertThat(VectorStores.isPortableName(name)).isFalse();
    assertThatThrownBy(() -> VectorStores.requirePortableName(name))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining(VectorStores.shownName(name))
        .hasMessageContaining("a letter followed by up to 62 letters, digits, _ or -");
    assertThat(VectorStores.requireName(name)).isEqualTo(name);
    assertThat(CollectionSpec.builder(name).build().name()).isEqualTo(name);
    assertThat(CollectionSpec.builder("a").build().toBuilder(name).build().name()).isEqualTo(name);
    assertThatCode(() -> WriteBatch.builder().delete(name, List.of()).build())
        .doesNotThrowAnyException();
  }

  @Test
  void portableNamesHaveUpTo63Characters() {
    String longest = "a" + "-_9Z".repeat(15) + "xy";
    assertThat(VectorStores.requirePortableName(longest)).isEqualTo(longest);
    assertThat(VectorStores.isPortableName(longest)).isTrue();
    assertThat(VectorStores.isPortableName(longest + "x")).isFalse();
    assertThat(VectorStores.isPortableName("A")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a\0b", "a\uD83D", "\uDE80"})
  void whatIsNoNameIsRefusedEverywhere(String name) {
    refused(() -> VectorStores.requireName(name));
    refused(() -> VectorStores.requirePortableName(name));
    refused(() -> CollectionSpec.builder(name));
    refused(() -> CollectionSpec.builder("a").build().toBuilder(name));
    refused(() -> WriteBatch.builder().upsert(name, List.of()));
    refused(() -> WriteBatch.builder().delete(name, List.of()));
    refused(() -> WriteBatch.builder().deleteWhere(name, Filter.none()));
    assertThat(VectorStores.isPortableName(name)).isFalse();
  }

  private static void refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOf(InvalidRequest.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "pages|pages",
        "2024-docs|2024-docs",
        "rag.docs|rag.docs",
        "größe文書|größe文書",
        "my docs|\"my docs\"",
        " x|\" x\"",
        "a\"b\\c|\"a\\\"b\\\\c\"",
        "a\tb|\"a\\u0009b\"",
        "a\u001b[31mb|\"a\\u001b[31mb\"",
        "a\u007f\u009bb|\"a\\u007f\\u009bb\"",
        "a\u202eb|\"a\\u202eb\"",
        "a\u200bb|\"a\\u200bb\"",
        "a\u00a0b|\"a\\u00a0b\"",
        "a\u2028b|\"a\\u2028b\"",
        "\uD83D\uDE80|\"\uD83D\uDE80\"",
      })
  void aNameIsShownSoThatItForgesNothing(String name, String shown) {
    assertThat(VectorStores.shownName(name)).isEqualTo(shown);
  }

  @Test
  void aLongNameIsShortened() {
    assertThat(VectorStores.shownName("x".repeat(80))).isEqualTo("x".repeat(80));
    assertThat(VectorStores.shownName("x".repeat(255))).isEqualTo('"' + "x".repeat(80) + "...\"");
    assertThat(VectorStores.shownName("\uD83D\uDE80".repeat(100)))
        .isEqualTo('"' + "\uD83D\uDE80".repeat(80) + "...\"");
    assertThat(VectorStores.shownName("\uD83D\uDE80".repeat(80)))
        .isEqualTo('"' + "\uD83D\uDE80".repeat(80) + '"');
  }

  @Test
  void whatANameEntersShowsItSo() {
    CallStart start =
        CallStart.builder("qdrant", CallStart.Server.of("qdrant"), "count")
            .collection("my\ndocs")
            .build();
    assertThat(start).hasToString("count on \"my\\u000adocs\" (qdrant)");
    assertThat(start.collection()).contains("my\ndocs");
    assertThat(CollectionSpec.builder("my\ndocs").build().toString())
        .contains("name=\"my\\u000adocs\"");
  }
}
