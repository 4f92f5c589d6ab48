package dev.vectorstore.testservers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Makes the keys that PostgREST and Qdrant take: JSON web tokens, signed by HMAC-SHA-256.
 *
 * <p>Immutable and safe to use from several threads.
 */
public final class JwtIssuer {
  private static final int SHORTEST_SECRET = 32;
  private static final Duration LIFE = Duration.ofDays(1);
  private static final Pattern ROLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

  private final String secret;

  /**
   * An issuer with the secret that the server knows.
   *
   * @param secret at least 32 bytes
   * @throws IllegalArgumentException when it is shorter
   */
  public JwtIssuer(String secret) {
    if (secret.getBytes(UTF_8).length < SHORTEST_SECRET) {
      throw new IllegalArgumentException("PostgREST wants a secret of 32 bytes or more");
    }
    this.secret = secret;
  }

  /** A token of the role that is valid for a day. */
  public String tokenFor(String role) {
    return tokenFor(role, Instant.now().plus(LIFE));
  }

  /** A token of the role that expired an hour ago. */
  public String expiredTokenFor(String role) {
    return tokenFor(role, Instant.now().minus(Duration.ofHours(1)));
  }

  /**
   * A token of the role that is valid until this moment.
   *
   * @throws IllegalArgumentException when the role isn't a plain name
   */
  public String tokenFor(String role, Instant expiry) {
    requireNonNull(expiry, "expiry");
    if (!ROLE.matcher(role).matches()) {
      throw new IllegalArgumentException("Not the plain name of a role");
    }
    return token("{\"role\":\"" + role + "\",\"exp\":" + expiry.getEpochSecond() + "}");
  }

  /**
   * A token of any claims, as Qdrant takes them.
   *
   * @param claims a JSON object
   */
  public String token(String claims) {
    String header = encode("{\"alg\":\"HS256\",\"typ\":\"JWT\"}");
    String signed = header + "." + encode(claims);
    return signed + "." + BASE64.encodeToString(sign(signed));
  }

  String secret() {
    return secret;
  }

  private static String encode(String json) {
    return BASE64.encodeToString(json.getBytes(UTF_8));
  }

  private byte[] sign(String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(UTF_8), "HmacSHA256"));
      return mac.doFinal(text.getBytes(UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every JDK has HmacSHA256, but this one doesn't", e);
    }
  }
}
