package dev.vectorstore.qdrant;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class SerdeDoublesTest {
  private static final double[] POWERS = {1, 10, 100, 1_000};

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
    for (int i = 0; i < 5_000; i++) {
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

  /** What makes native comparisons with short decimals exact. */
  @Test
  void aStandInIsSafeAndOnTheSameSideOfEveryShortDecimal() {
    Random random = new Random(3);
    for (int i = 0; i < 20_000; i++) {
      double decimal = i < 2_000 ? i : random.nextInt(10_000_000) / POWERS[random.nextInt(4)];
      double up = decimal;
      double down = decimal;
      for (int step = 0; step < 6; step++) {
        up = Math.nextUp(up);
        down = Math.nextDown(down);
        requireGood(up, decimal);
        requireGood(down, decimal);
      }
    }
  }

  private static void requireGood(double original, double decimal) {
    if (decimal != 0 && SerdeDoubles.isHard(original)) {
      double standIn = SerdeDoubles.standIn(original);
      assertThat(SerdeDoubles.isHard(standIn)).as("%s for %s", standIn, original).isFalse();
      assertThat(Double.compare(standIn, decimal))
          .as("%s for %s beside %s", standIn, original, decimal)
          .isEqualTo(Double.compare(original, decimal));
    }
  }

  @Test
  void everyHardDoubleHasAStandIn() {
    Random random = new Random(4);
    for (int i = 0; i < 5_000; i++) {
      double any = i % 2 == 0 ? random.nextDouble() : Double.longBitsToDouble(random.nextLong());
      if (Double.isFinite(any) && SerdeDoubles.isHard(any)) {
        assertThat(SerdeDoubles.isHard(SerdeDoubles.standIn(any))).as("%s", any).isFalse();
      }
    }
  }

  @Test
  void storageTakesAnotherNumberForOne() {
    assertThat(SerdeDoubles.reread(0.9999999999999999)).isEqualTo(1.0);
    assertThat(SerdeDoubles.standIn(0.9999999999999999)).isLessThan(1.0);
  }
}
