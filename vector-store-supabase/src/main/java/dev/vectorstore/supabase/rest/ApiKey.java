package dev.vectorstore.supabase.rest;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** A key of Supabase: a JSON web token with a role, or one of the opaque keys that replace them. */
public final class ApiKey {
  private static final Pattern VISIBLE = Pattern.compile("[!-~]+");
  private static final Pattern TOKEN =
      Pattern.compile("eyJ[A-Za-z0-9_-]*\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]*");
  private static final String PUBLIC_PREFIX = "sb_publishable_";
  private static final Set<String> PUBLIC_ROLES = Set.of("anon", "authenticated");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String key;

  private ApiKey(String key) {
    this.key = key;
  }

  /**
   * A key as somebody stored it, perhaps with a line end.
   *
   * @throws InvalidRequest if no key looks like this
   */
  public static ApiKey of(String text) {
    String key = text.strip();
    if (!VISIBLE.matcher(key).matches()) {
      throw new InvalidRequest(
          "the key has spaces or characters that no key has; check where it is read from");
    }
    return new ApiKey(key);
  }

  /** Opaque keys are refused where a token is expected, so they go into their own header alone. */
  void addTo(HttpRequest.Builder request) {
    request.setHeader("apikey", key);
    if (TOKEN.matcher(key).matches()) {
      request.setHeader("Authorization", "Bearer " + key);
    }
  }

  /** Whether row-level security decides what is seen with this key. */
  public boolean isPublic() {
    return key.startsWith(PUBLIC_PREFIX) || role().filter(PUBLIC_ROLES::contains).isPresent();
  }

  /** What a key is, as far as it tells what its bearer sees. */
  enum Kind {
    NONE("without a key"),
    PUBLIC("with a public key"),
    SECRET("with a secret key");

    private final String said;

    Kind(String said) {
      this.said = said;
    }

    String said() {
      return said;
    }

    /** Whether row-level security may hide rows, which nothing says. */
    boolean mayMissRows() {
      return this != SECRET;
    }
  }

  Kind kind() {
    return isPublic() ? Kind.PUBLIC : Kind.SECRET;
  }

  private Optional<String> role() {
    if (!TOKEN.matcher(key).matches()) {
      return Optional.empty();
    }
    try {
      byte[] claims = Base64.getUrlDecoder().decode(key.split("\\.", -1)[1]);
      return Optional.of(JSON.readTree(claims).path("role").asText());
    } catch (IOException | IllegalArgumentException notAToken) {
      return Optional.empty(); // the server will say so
    }
  }

  @Override
  public String toString() {
    return "ApiKey";
  }
}
