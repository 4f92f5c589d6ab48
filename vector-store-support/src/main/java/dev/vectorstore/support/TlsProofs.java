package dev.vectorstore.support;

import static dev.vectorstore.support.TlsFault.CLIENT_CERTIFICATE;
import static dev.vectorstore.support.TlsFault.EXPIRED;
import static dev.vectorstore.support.TlsFault.LACKING;
import static dev.vectorstore.support.TlsFault.NEEDED;
import static dev.vectorstore.support.TlsFault.NOT_YET_VALID;
import static dev.vectorstore.support.TlsFault.NO_COMMON_WAY;
import static dev.vectorstore.support.TlsFault.OF_ANOTHER_HOST;
import static dev.vectorstore.support.TlsFault.UNTRUSTED;

import dev.vectorstore.support.TlsFault.Proof;
import java.security.InvalidAlgorithmParameterException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** What the JDK's TLS, BoringSSL's, and servers without TLS show of a {@link TlsFault}. */
public final class TlsProofs {
  private static final int DEEPEST = 20;
  private static final int LONGEST_QUOTE = 300;

  /** As the JDK and BoringSSL name what a server sent. */
  private static final Pattern ALERT =
      Pattern.compile("Received fatal alert: (\\w+)|(?:SSLV3|TLSV1|TLSV13)_ALERT_(\\w+)");

  private static final Set<String> OF_THE_CLIENTS_CERTIFICATE =
      Set.of(
          "bad_certificate",
          "certificate_required",
          "certificate_unknown",
          "certificate_expired",
          "certificate_revoked",
          "unsupported_certificate",
          "no_certificate",
          "unknown_ca");
  private static final Set<String> OF_NO_COMMON_WAY =
      Set.of(
          "handshake_failure",
          "insufficient_security",
          "no_application_protocol",
          "protocol_version",
          "unrecognized_name");

  /** What the client finds out by itself. */
  private static final Pattern VERSION =
      Pattern.compile(
          "No appropriate protocol|server selected protocol version|Server chose TLS"
              + "|OPENSSL_internal:UNSUPPORTED_PROTOCOL");

  /** The JDK's two sentences of a first record that is none, and Netty's. */
  private static final Pattern NO_RECORD =
      Pattern.compile(
          "Unrecognized SSL message, plaintext connection|Unsupported or unrecognized SSL message"
              + "|not an SSL/TLS record");

  private static final Pattern NO_NAME =
      Pattern.compile("No name matching |No subject alternative ");

  /**
   * A record of TLS with a fatal alert, where HTTP was awaited: as it is, quoted by the JDK, or the
   * start of it in hex, by Netty.
   */
  private static final Pattern RECORD =
      Pattern.compile(
          "\\x15\\x03[\\x00-\\x04]\\x00\\x02[\\x01\\x02]"
              + "|not SETTINGS\\. Hex dump for first 5 bytes: 15030[0-4]0002");

  /** nginx, Go, Apache, Envoy's and others' words. */
  private static final Pattern REFUSAL =
      Pattern.compile(
          "plain HTTP request was sent to HTTPS port|HTTP request to an HTTPS server"
              + "|speaking plain HTTP to an SSL-enabled server port");

  private TlsProofs() {}

  /**
   * Finds what is wrong in what a client or a driver threw.
   *
   * @param failure what was thrown
   * @return the fault, with what proves it; empty if nothing does
   */
  public static Optional<Proof> in(Throwable failure) {
    Proof found = null;
    boolean encrypted = false;
    Throwable next = failure;
    for (int depth = 0; next != null && depth < DEEPEST; depth++) {
      encrypted |= next instanceof SSLException;
      Proof deeper = encrypted ? ofEncryption(next) : ofPlainText(next);
      // The deepest knows why: that a path of certificates fails is said above it.
      found = deeper == null || (found != null && found.fault() == deeper.fault()) ? found : deeper;
      next = next.getCause();
    }
    return Optional.ofNullable(found);
  }

  /**
   * Whether an answer is that of a port that takes TLS only, to a request in plain text.
   *
   * @param status of HTTP
   * @param body the start of the answer's body
   */
  public static boolean isNeededBy(int status, String body) {
    return status == 400 && REFUSAL.matcher(body).find();
  }

  private static @Nullable Proof ofPlainText(Throwable failure) {
    return RECORD.matcher(text(failure)).find() ? new Proof(NEEDED, "") : null;
  }

  private static @Nullable Proof ofEncryption(Throwable failure) {
    if (failure instanceof SSLException) {
      return ofProtocol(failure);
    }
    TlsFault fault = ofCertificate(failure);
    return fault == null ? null : new Proof(fault, said(failure));
  }

  private static @Nullable TlsFault ofCertificate(Throwable failure) {
    if (failure instanceof CertificateExpiredException) {
      return EXPIRED;
    }
    if (failure instanceof CertificateNotYetValidException) {
      return NOT_YET_VALID;
    }
    if (failure instanceof CertificateException && NO_NAME.matcher(text(failure)).lookingAt()) {
      return OF_ANOTHER_HOST;
    }
    boolean noPath =
        failure instanceof CertificateException
            || failure instanceof CertPathBuilderException
            || failure instanceof CertPathValidatorException
            // of a JVM that trusts nobody at all
            || (failure instanceof InvalidAlgorithmParameterException
                && text(failure).contains("trustAnchors"));
    return noPath ? UNTRUSTED : null;
  }

  private static @Nullable Proof ofProtocol(Throwable failure) {
    String text = text(failure);
    if (NO_RECORD.matcher(text).find()) {
      return new Proof(LACKING, "");
    }
    if (VERSION.matcher(text).find()) {
      return new Proof(NO_COMMON_WAY, said(failure));
    }
    Matcher alert = ALERT.matcher(text);
    if (!alert.find()) {
      return null;
    }
    String name = String.valueOf(alert.group(alert.group(1) == null ? 2 : 1));
    name = name.toLowerCase(Locale.ROOT);
    if (OF_THE_CLIENTS_CERTIFICATE.contains(name)) {
      return new Proof(CLIENT_CERTIFICATE, " (" + name + ")");
    }
    return OF_NO_COMMON_WAY.contains(name) ? new Proof(NO_COMMON_WAY, " (" + name + ")") : null;
  }

  private static String text(Throwable failure) {
    return String.valueOf(failure.getMessage());
  }

  private static String said(Throwable failure) {
    String text = text(failure);
    return " ("
        + (text.length() > LONGEST_QUOTE ? text.substring(0, LONGEST_QUOTE) + "..." : text)
        + ")";
  }
}
