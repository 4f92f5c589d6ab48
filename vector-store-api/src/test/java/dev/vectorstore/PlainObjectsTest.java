package dev.vectorstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.net.URI;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.chrono.JapaneseDate;
import java.time.chrono.ThaiBuddhistDate;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What plain Java objects become in a payload. */
class PlainObjectsTest {
  private static final LocalDateTime AT = LocalDateTime.of(2026, 1, 2, 3, 4);

  private static void becomes(Object object, Object text) {
    assertThat(Value.of(object)).isEqualTo(Value.of(text));
  }

  @Test
  void textsStandForWhatJsonDoesNotHave() {
    UUID uuid = UUID.fromString("123e4567-e89b-12d3-a456-426614174000");
    becomes(uuid, uuid.toString());
    becomes(URI.create("https://a/b?c#d"), "https://a/b?c#d");
    becomes(DayOfWeek.MONDAY, "MONDAY");
    becomes(Metric.COSINE, "COSINE");
    becomes(ZoneId.of("Europe/Berlin"), "Europe/Berlin");
    becomes(Payload.of(Map.of("a", 1)), Map.of("a", 1));
  }

  @Test
  void pointsInTimeAreInstantsToFilters() {
    becomes(Instant.parse("2026-01-02T03:04:00Z"), "2026-01-02T03:04:00Z");
    becomes(OffsetDateTime.of(AT, ZoneOffset.ofHours(2)), "2026-01-02T03:04:00+02:00");
    becomes(ZonedDateTime.of(AT, ZoneId.of("Europe/Berlin")), "2026-01-02T03:04:00+01:00");
    becomes(
        OffsetDateTime.of(AT, ZoneOffset.ofHoursMinutesSeconds(1, 0, 30)), "2026-01-02T02:03:30Z");
    becomes(
        OffsetDateTime.of(9999, 12, 31, 23, 0, 0, 1, ZoneOffset.UTC),
        "9999-12-31T23:00:00.000000001Z");
    becomes(Instant.parse("0001-01-01T00:00:00Z"), "0001-01-01T00:00:00Z");
    becomes(
        OffsetDateTime.of(1, 1, 2, 0, 0, 0, 0, ZoneOffset.ofHours(2)), "0001-01-02T00:00:00+02:00");
    becomes(
        OffsetDateTime.of(9999, 12, 31, 20, 0, 0, 0, ZoneOffset.ofHours(-2)),
        "9999-12-31T20:00:00-02:00");
    for (Object time :
        List.of(
            Instant.parse("2026-01-02T03:04:05.678Z"),
            OffsetDateTime.of(AT, ZoneOffset.ofHours(-18)),
            ZonedDateTime.of(AT, ZoneId.of("Asia/Kolkata")))) {
      assertThat(Payload.of(Map.of("at", time)).instant("at")).as("%s", time).isPresent();
    }
  }

  @Test
  void otherTimesAreIsoTextsWithSeconds() {
    becomes(AT, "2026-01-02T03:04:00");
    becomes(LocalDate.of(2026, 1, 2), "2026-01-02");
    becomes(LocalTime.of(3, 4), "03:04:00");
    becomes(OffsetTime.of(LocalTime.of(3, 4), ZoneOffset.UTC), "03:04:00Z");
    becomes(YearMonth.of(2026, 1), "2026-01");
    becomes(Year.of(2026), "2026");
    becomes(Duration.ofMinutes(90), "PT1H30M");
    becomes(Period.ofDays(3), "P3D");
  }

  @Test
  void aPointInTimeBeyondTheYearsOfFiltersIsRefused() {
    for (Object time :
        List.of(
            Instant.MAX,
            Instant.parse("0000-12-31T23:59:59Z"),
            OffsetDateTime.of(AT, ZoneOffset.UTC).withYear(10_000))) {
      assertThatThrownBy(() -> Value.of(time))
          .isInstanceOf(VectorStoreException.InvalidRequest.class)
          .hasMessageContaining("0001 to 9999");
    }
  }

  @Test
  void aFloatIsItsDecimalText() {
    becomes(0.1f, 0.1);
    becomes(16_777_216f, 16_777_216.0);
    becomes(3.4028235e38f, 3.4028235e38);
    becomes(Float.MIN_VALUE, 1e-45);
    becomes(-0f, 0.0);
    becomes(1.1754944E-38f, 1.1754944E-38);
    Random random = new Random(3);
    for (int i = 0; i < 100_000; i++) {
      float number = Float.intBitsToFloat(random.nextInt());
      if (Float.isFinite(number)) {
        double stored = ((Value.DoubleValue) Value.of(number)).value();
        assertThat((float) stored).isEqualTo(number == 0 ? 0f : number);
      }
    }
    assertThatThrownBy(() -> Value.of(Float.NaN))
        .isInstanceOf(VectorStoreException.InvalidRequest.class);
  }

  @Test
  void arraysAreLists() {
    becomes(new int[] {1, 2}, List.of(1, 2));
    becomes(new float[] {0.1f}, List.of(0.1));
    becomes(new boolean[0], List.of());
    becomes(new String[] {"a", "b"}, List.of("a", "b"));
    becomes(new Object[][] {{1}, {}}, List.of(List.of(1), List.of()));
    Object[] endless = new Object[1];
    endless[0] = endless;
    assertThatThrownBy(() -> Value.of(endless))
        .isInstanceOf(VectorStoreException.InvalidRequest.class)
        .hasMessageContaining("nests deeper");
  }

  @Test
  void whatHasNoFormIsRefusedByItsType() {
    assertThatThrownBy(() -> Value.of(new Object()))
        .isInstanceOf(VectorStoreException.InvalidRequest.class)
        .hasMessageContaining("java.lang.Object")
        .hasMessageContaining("UUID");
    for (Object time :
        List.of(
            JapaneseDate.of(2020, 1, 1),
            DateTimeFormatter.ISO_LOCAL_DATE.parse("2020-01-01"),
            ThaiBuddhistDate.of(2563, 1, 1))) {
      assertThatThrownBy(() -> Value.of(time))
          .isInstanceOf(VectorStoreException.InvalidRequest.class);
    }
    assertThatThrownBy(() -> Value.of(new BigDecimal("1." + "0".repeat(200_000))))
        .isInstanceOf(VectorStoreException.InvalidRequest.class);
  }

  @Test
  void deepListsAreRefusedAndDoNotEndTheStack() {
    assertThatThrownBy(
            () -> {
              Value value = new Value.ListValue(List.of());
              for (int i = 0; i < 200_000; i++) {
                value = new Value.ListValue(List.of(value));
              }
            })
        .isInstanceOf(VectorStoreException.InvalidRequest.class)
        .hasMessageContaining("deeper than 24");
    assertThatThrownBy(
            () -> {
              Value value = Value.of(1);
              for (int i = 0; i < 200_000; i++) {
                value = new Value.ObjectValue(Map.of("a", value));
              }
            })
        .isInstanceOf(VectorStoreException.InvalidRequest.class);
  }
}
