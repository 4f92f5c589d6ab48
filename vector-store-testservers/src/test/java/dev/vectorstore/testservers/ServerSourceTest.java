package dev.vectorstore.testservers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerSourceTest {
  @ParameterizedTest(name = "named {0}, installed {1}, Docker {2}: {3}")
  @CsvSource({
    "true,  true,  true,  URL",
    "true,  false, false, URL",
    "false, true,  true,  PROGRAM",
    "false, true,  false, PROGRAM",
    "false, false, true,  CONTAINER",
    "false, false, false, NOWHERE"
  })
  void whatIsNamedComesBeforeWhatIsInstalledAndContainersComeLast(
      boolean named, boolean installed, boolean docker, ServerSource expected) {
    assertThat(ServerSource.choose(named, installed, () -> docker)).isEqualTo(expected);
  }

  @Test
  void dockerIsNotAskedForWhatIsThere() {
    AtomicInteger asked = new AtomicInteger();

    ServerSource.choose(true, false, () -> asked.incrementAndGet() > 0);
    ServerSource.choose(false, true, () -> asked.incrementAndGet() > 0);
    assertThat(asked).hasValue(0);

    ServerSource.choose(false, false, () -> asked.incrementAndGet() > 0);
    assertThat(asked).hasValue(1);
  }

  @Test
  void whatComesFromNowhereIsSaidWithWhatToDo() {
    ServerSource.CONTAINER.require("qdrant");
    assertThatThrownBy(() -> ServerSource.NOWHERE.require("qdrant"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("qdrant")
        .hasMessageContaining("install it or start Docker");
  }
}
