package dev.vectorstore;

import java.math.BigInteger;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;
import java.util.Optional;
import java.util.UUID;

/** The texts that stand for plain Java objects in a payload. */
final class PlainTexts {
  private static final int LAST_YEAR = 9_999;

  private PlainTexts() {}

  /** The text of an object, or empty if no text stands for its type. */
  static Optional<String> of(Object object) {
    if (object instanceof Enum<?> constant) {
      return Optional.of(constant.name());
    }
    if (object instanceof Instant
        || object instanceof OffsetDateTime
        || object instanceof ZonedDateTime) {
      return Optional.of(pointInTime((TemporalAccessor) object));
    }
    if (object instanceof TemporalAccessor time) {
      return iso(time);
    }
    boolean text =
        object instanceof String
            || object instanceof UUID
            || object instanceof URI
            || object instanceof Duration
            || object instanceof Period
            || object instanceof ZoneId;
    return text ? Optional.of(object.toString()) : Optional.empty();
  }

  /** The text of a part of an id: not of decimals, whose text differs between JDKs. */
  static String ofPart(Object part) {
    boolean plain =
        part instanceof Long
            || part instanceof Integer
            || part instanceof Short
            || part instanceof Byte
            || part instanceof BigInteger
            || part instanceof Boolean;
    return plain
        ? part.toString()
        : of(part)
            .orElseThrow(
                () ->
                    new VectorStoreException.InvalidRequest(
                        "an id isn't derived from a "
                            + part.getClass().getName()
                            + "; pass its text"));
  }

  /** In the form that filters on instants read, with the offset where it has one. */
  private static String pointInTime(TemporalAccessor time) {
    try {
      OffsetDateTime utc = Instant.from(time).atOffset(ZoneOffset.UTC);
      if (utc.getYear() >= 1 && utc.getYear() <= LAST_YEAR) {
        return time instanceof Instant
            ? time.toString()
            : DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(
                written(OffsetDateTime.from(time), utc));
      }
    } catch (DateTimeException beyond) {
      // An instant beyond the years that a date can have: told below.
    }
    throw new VectorStoreException.InvalidRequest(
        "a point in time isn't in the years 0001 to 9999, as filters on instants need it; store it"
            + " as text");
  }

  /** RFC 3339 has offsets of whole minutes; another, and one that leaves the years, becomes UTC. */
  private static OffsetDateTime written(OffsetDateTime local, OffsetDateTime utc) {
    boolean minutes = local.getOffset().getTotalSeconds() % 60 == 0;
    return minutes && local.getYear() >= 1 && local.getYear() <= LAST_YEAR ? local : utc;
  }

  /** With seconds always, so that texts of one type have one form. Other calendars have none. */
  private static Optional<String> iso(TemporalAccessor time) {
    if (time instanceof LocalDateTime) {
      return Optional.of(DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(time));
    }
    if (time instanceof LocalTime) {
      return Optional.of(DateTimeFormatter.ISO_LOCAL_TIME.format(time));
    }
    if (time instanceof OffsetTime) {
      return Optional.of(DateTimeFormatter.ISO_OFFSET_TIME.format(time));
    }
    boolean plain =
        time instanceof LocalDate
            || time instanceof Year
            || time instanceof YearMonth
            || time instanceof MonthDay
            || time instanceof ZoneOffset;
    return plain ? Optional.of(time.toString()) : Optional.empty();
  }
}
