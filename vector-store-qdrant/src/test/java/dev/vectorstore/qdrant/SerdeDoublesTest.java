package dev.vectorstore.qdrant;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class SerdeDoublesTest {
  @Test
  void shortDecimalsAreSafe() {
    for (double safe : new double[] {0, 1, -1, 0.1, 0.25, 3.14, 1e15, 1e22, 123456.789, 1e-5}) {
      assertThat(SerdeDoubles.isHard(safe)).as("%s", safe).isFalse();
      assertThat(SerdeDoubles.reread(safe)).isEqualTo(safe);
    }
  }

  @Test
  void aboutOneDoubleInTenIsHard() {
    Random random = new Random(1);
    int hard = 0;
    for (int i = 0; i < 10_000; i++) {
      hard += SerdeDoubles.isHard(random.nextDouble()) ? 1 : 0;
    }
    assertThat(hard).isBetween(500, 2_000);
  }

  /** What {@link NumberBounds} relies on: storage moves by little, also when it happens again. */
  @Test
  void storageMovesByAFewUlpsHoweverOftenItHappens() {
    Random random = new Random(2);
    for (int i = 0; i < 20_000; i++) {
      double original = Double.longBitsToDouble(random.nextLong());
      if (Double.isFinite(original)) {
        double read = original;
        for (int again = 0; again < 8; again++) {
          read = SerdeDoubles.reread(read);
        }
        long moved = Math.abs(Double.doubleToLongBits(read) - Double.doubleToLongBits(original));
        assertThat(moved).as("%s became %s", original, read).isLessThanOrEqualTo(16);
      }
    }
  }
}
