package dev.vectorstore.migration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.RecordId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ExactOrderTest {
  @Test
  void itIsTheSortedOrderInBoundedMemory() {
    Random random = new Random(5);
    List<ExactOrder.Scored> all = new ArrayList<>();
    ExactOrder order = new ExactOrder(20);
    for (int i = 0; i < 5000; i++) {
      ExactOrder.Scored scored = new ExactOrder.Scored(RecordId.of(i), random.nextInt(300) / 300.0);
      all.add(scored);
      order.offer(scored.id(), scored.score());
    }
    all.sort(
        Comparator.comparingDouble(ExactOrder.Scored::score)
            .reversed()
            .thenComparing(ExactOrder.Scored::id));
    assertThat(order.best(20)).isEqualTo(all.subList(0, 20));
    assertThat(order.best(3)).isEqualTo(all.subList(0, 3));
    assertThat(order.bound()).isEqualTo(all.get(19).score());
  }
}
