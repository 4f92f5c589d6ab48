package dev.vectorstore;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Strict RFC 3339 (section 5.6): a date, "T", a time with seconds, and a zone. Narrower than what
 * engines take by themselves, so that all of them agree.
 */
final class Instants {
  private static final Pattern RFC_3339 =
      Pattern.compile(
          "(\\d{4})-(\\d\\d)-(\\d\\d)[Tt](\\d\\d):(\\d\\d):(\\d\\d)(?:\\.(\\d{1,64}))?"
              + "(?:[Zz]|([+-])(\\d\\d):(\\d\\d))");

  private Instants() {}

  static Optional<Instant> parse(String text) {
    // The shortest is 20 characters; the check spares most texts the regular expression.
    if (text.length() < 20 || !isDigit(text.charAt(0)) || text.charAt(4) != '-') {
      return Optional.empty();
    }
    Matcher parts = RFC_3339.matcher(text);
    if (!parts.matches() || number(parts, 1) == 0) {
      return Optional.empty();
    }
    try {
      LocalDateTime local =
          LocalDateTime.of(
              number(parts, 1),
              number(parts, 2),
              number(parts, 3),
              number(parts, 4),
              number(parts, 5),
              number(parts, 6),
              micros(parts.group(7)) * 1000);
      return Optional.of(local.toInstant(ZoneOffset.UTC).minusSeconds(offsetSeconds(parts)));
    } catch (DateTimeException notADate) {
      return Optional.empty();
    }
  }

  static Instant truncate(Instant instant) {
    return instant.truncatedTo(ChronoUnit.MICROS);
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static int number(Matcher parts, int group) {
    return Integer.parseInt(parts.group(group));
  }

  private static int micros(@Nullable String fraction) {
    return fraction == null ? 0 : Integer.parseInt((fraction + "000000").substring(0, 6));
  }

  /** Offsets go to 23:59, beyond the 18:00 that {@link ZoneOffset} takes. */
  private static int offsetSeconds(Matcher parts) {
    if (parts.group(8) == null) {
      return 0;
    }
    int hours = number(parts, 9);
    int minutes = number(parts, 10);
    if (hours > 23 || minutes > 59) {
      throw new DateTimeException("no such offset");
    }
    return (parts.group(8).equals("-") ? -1 : 1) * (hours * 3600 + minutes * 60);
  }
}
