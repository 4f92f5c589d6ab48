package dev.vectorstore.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vectorstore.VectorStoreException.InvalidRequest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CursorsTest {
  @ParameterizedTest
  @ValueSource(strings = {"", "17", "an id with\na line", "\uD83D\uDE00"})
  void theEngineGetsItsOwnCursorBack(String own) {
    String cursor = Cursors.encode("list", "pages", own);

    assertThat(Cursors.decode("list", "pages", cursor)).isEqualTo(own);
  }

  @Test
  void aCursorOfAnotherEngineIsRefused() {
    String cursor = Cursors.encode("list", "pages", "17");

    refused("array", "pages", cursor);
    refused("", "pages", cursor);
  }

  @Test
  void aCursorOfAnotherCollectionIsRefused() {
    String cursor = Cursors.encode("list", "pages", "17");

    refused("list", "page", cursor);
    refused("list", "pages2", cursor);
    refused("list", "", cursor);
  }

  @Test
  void aCursorOfAnotherVersionIsRefused() {
    byte[] old = "0\nlist\npages\n17".getBytes(StandardCharsets.UTF_8);

    refused("list", "pages", Base64.getUrlEncoder().withoutPadding().encodeToString(old));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "nonsense!", "bm9uc2Vuc2U"})
  void whatIsNoCursorIsRefused(String text) {
    refused("list", "pages", text);
  }

  private static void refused(String engine, String collection, String cursor) {
    assertThatThrownBy(() -> Cursors.decode(engine, collection, cursor))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("start the scan without a cursor");
  }
}
