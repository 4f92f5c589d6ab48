package dev.vectorstore.testkit;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The key with which a store of the contract shall connect, or none. */
public final class Credentials {
  private static final Credentials NONE = new Credentials(null);

  private final @Nullable String key;

  private Credentials(@Nullable String key) {
    this.key = key;
  }

  /** No key. */
  public static Credentials none() {
    return NONE;
  }

  /** This key. */
  public static Credentials key(String key) {
    return new Credentials(Objects.requireNonNull(key, "key"));
  }

  /** The key, or empty if there is none. */
  public Optional<String> key() {
    return Optional.ofNullable(key);
  }

  /** Without the key, which must not reach a log. */
  @Override
  public String toString() {
    return key == null ? "Credentials[none]" : "Credentials[a key]";
  }
}
