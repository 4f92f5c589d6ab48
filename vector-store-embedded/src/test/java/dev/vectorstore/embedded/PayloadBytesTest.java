package dev.vectorstore.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.Payload;
import dev.vectorstore.Value;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PayloadBytesTest {
  private static Payload back(Payload payload) throws IOException {
    return PayloadBytes.read(PayloadBytes.of(payload));
  }

  @Test
  void givesRandomPayloadsBack() throws IOException {
    RandomData data = new RandomData(1);
    for (int i = 0; i < 1_000; i++) {
      Payload payload = Payload.of(data.object(5));
      assertThat(back(payload)).isEqualTo(payload);
      assertThat(back(payload).keys()).containsExactlyElementsOf(payload.keys());
    }
  }

  @Test
  void givesEveryDoubleBack() throws IOException {
    Random random = new Random(2);
    for (int i = 0; i < 1_000; i++) {
      double number = Double.longBitsToDouble(random.nextLong());
      if (Double.isFinite(number)) {
        Payload payload = Payload.of(Map.of("n", number));
        assertThat(back(payload)).isEqualTo(payload);
      }
    }
  }

  @Test
  void givesTheDeepestAndTheLongestBack() throws IOException {
    Value value = Value.of("x".repeat(100_000));
    for (int depth = 1; depth < Payload.MAX_DEPTH; depth++) {
      value = depth % 2 == 0 ? new Value.ListValue(List.of(value)) : Value.of(Map.of("k", value));
    }
    Payload payload =
        Payload.builder().put("deep", value).put("least", Long.MIN_VALUE).put("three", 3.0).build();
    assertThat(back(payload)).isEqualTo(payload);
  }
}
