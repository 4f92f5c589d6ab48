package dev.vectorstore.support;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The cause of an error that a server or a proxy gave together with a time to wait, where the
 * error's type has no place for it. Never thrown by itself.
 */
public final class AskedToWait extends Exception {
  private static final long serialVersionUID = 1L;
  private static final Pattern SECONDS = Pattern.compile("[0-9]{1,9}");

  private final Duration time;

  private AskedToWait(Duration time, @Nullable Throwable cause) {
    super("the server asks to wait " + time.toSeconds() + " s", cause, false, false);
    this.time = time;
  }

  /**
   * The time of a {@code Retry-After}.
   *
   * @param header its value, or null where there is none
   * @return the time, or null if the header says none in seconds
   */
  public static @Nullable Duration parse(@Nullable String header) {
    return header == null || !SECONDS.matcher(header.strip()).matches()
        ? null
        : Duration.ofSeconds(Long.parseLong(header.strip()));
  }

  /**
   * A cause that says how long to wait, where that is known.
   *
   * @param time the time, or null
   * @param cause what was thrown, or null
   */
  public static @Nullable Throwable around(@Nullable Duration time, @Nullable Throwable cause) {
    return time == null ? cause : new AskedToWait(time, cause);
  }

  static Optional<Duration> in(Throwable failure) {
    return failure.getCause() instanceof AskedToWait asked
        ? Optional.of(asked.time)
        : Optional.empty();
  }
}
