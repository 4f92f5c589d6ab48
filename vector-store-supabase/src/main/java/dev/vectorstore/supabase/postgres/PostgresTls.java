package dev.vectorstore.supabase.postgres;

import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.VectorStores;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGProperty;
import org.postgresql.ssl.DefaultJavaSSLFactory;

/**
 * How connections are encrypted, and whom they trust. A password never goes over plain text to
 * another machine, unless the caller lets it.
 *
 * @param mode one of libpq's modes, or null where none was said
 * @param trusted a file of certificates to trust in PEM form, or null for the usual ones
 */
public record PostgresTls(@Nullable String mode, @Nullable String trusted) {
  /** Nothing was said. */
  static final PostgresTls UNSAID = new PostgresTls(null, null);

  private static final Set<String> ENCRYPTED = Set.of("require", "verify-ca", "verify-full");
  private static final List<String> MODES =
      List.of("disable", "allow", "prefer", "require", "verify-ca", "verify-full");

  public PostgresTls {
    if (mode != null && !MODES.contains(mode)) {
      throw new InvalidRequest(
          "there is no sslmode "
              + VectorStores.shownName(mode)
              + "; it is one of "
              + String.join(", ", MODES));
    }
  }

  public PostgresTls mode(String said) {
    return new PostgresTls(said, trusted);
  }

  public PostgresTls trust(Path pem) {
    return new PostgresTls(mode, pem.toString());
  }

  /**
   * Refuses what can't be meant, before anything is connected.
   *
   * @throws InvalidRequest if the file has no certificates, or the mode wouldn't look at them
   */
  public void check() {
    if (trusted == null) {
      return;
    }
    if (mode != null && !ENCRYPTED.contains(mode)) {
      throw new InvalidRequest(
          "sslmode="
              + mode
              + " looks at no certificate, and a file of certificates to trust is given; say"
              + " sslmode=verify-full, or leave the file out");
    }
    try (InputStream pem = Files.newInputStream(Path.of(trusted))) {
      if (CertificateFactory.getInstance("X.509").generateCertificates(pem).isEmpty()) {
        throw new InvalidRequest("there is no certificate in PEM form in " + trusted);
      }
    } catch (IOException | CertificateException | InvalidPathException unreadable) {
      throw new InvalidRequest(
          "the file of trusted certificates can't be read: " + trusted, unreadable);
    }
  }

  /**
   * The properties by which the driver does so.
   *
   * @param password whether there is one to log in with
   * @param plainText whether it may be read on the way: the server is this machine, or the caller
   *     said so
   * @throws InvalidRequest if it would be read, although it mustn't
   */
  Properties properties(boolean password, boolean plainText, String place) {
    String effective = effective(password && !plainText);
    if (password && !plainText && !ENCRYPTED.contains(effective)) {
      throw new InvalidRequest(
          "the password could go over plain text to "
              + place
              + " under sslmode="
              + effective
              + ", so nothing is sent; say sslmode=verify-full (or require), or"
              + " allowPlainTextKey() on the builder where the network is safe");
    }
    Properties properties = new Properties();
    PGProperty.SSL_MODE.set(properties, effective);
    if (trusted != null) {
      PGProperty.SSL_ROOT_CERT.set(properties, trusted);
    } else if (effective.startsWith("verify") && !Files.exists(usualCertificates())) {
      PGProperty.SSL_FACTORY.set(properties, DefaultJavaSSLFactory.class.getName());
    }
    return properties;
  }

  /** As libpq has it, a file to trust makes even {@code require} look at certificates. */
  private String effective(boolean secret) {
    if (mode == null) {
      return trusted != null ? "verify-full" : secret ? "require" : "prefer";
    }
    return trusted != null && mode.equals("require") ? "verify-ca" : mode;
  }

  /** Where psql and the driver look; without it, we trust whom the platform trusts. */
  private static Path usualCertificates() {
    return Path.of(System.getProperty("user.home", ""), ".postgresql", "root.crt");
  }
}
