package dev.vectorstore.supabase.postgres;

import dev.vectorstore.VectorStoreException;
import dev.vectorstore.VectorStoreException.AccessDenied;
import dev.vectorstore.VectorStoreException.UnsupportedFeature;
import java.security.GeneralSecurityException;
import java.sql.SQLException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Why no encrypted connection came about. Nothing was sent by then, no password either, and to try
 * again changes nothing.
 */
enum TlsFault {
  LACKING(
      "the server at %s takes no encrypted connections%s, so no password is sent; turn TLS on"
          + " there, or where the network is safe call allowPlainTextKey() on the builder, without"
          + " an sslmode"),
  UNTRUSTED(
      "the certificate of the server at %s isn't trusted%s; name the file of the certificates that"
          + " are (sslrootcert=... in the URL, or trust(...) on the builder)"),
  OF_ANOTHER_HOST(
      "the certificate of the server at %s is trusted, and is one of another host's name%s; use the"
          + " name that the certificate has, or sslmode=verify-ca where every server with such a"
          + " certificate is the right one"),
  FAILED(
      "no encrypted connection to %s came about, since client and server agree on no way%s; check"
          + " which versions of TLS the server takes");

  /** Of a connection that the server refuses, among others since it has no TLS. */
  private static final String REJECTED = "08004";

  private final String message;

  TlsFault(String message) {
    this.message = message;
  }

  /** The driver translates its messages, but not the names of protocols and classes in them. */
  static @Nullable TlsFault of(SQLException refused) {
    String text = String.valueOf(refused.getMessage());
    if (REJECTED.equals(refused.getSQLState()) && text.contains("SSL")) {
      return LACKING;
    }
    if (text.contains("PgjdbcHostnameVerifier")) {
      return OF_ANOTHER_HOST;
    }
    if (!(refused.getCause() instanceof SSLException)) {
      return null;
    }
    for (Throwable below = refused; below != null; below = below.getCause()) {
      if (below instanceof GeneralSecurityException) {
        return UNTRUSTED;
      }
    }
    return FAILED;
  }

  VectorStoreException toException(String place, String said, Throwable cause) {
    String text = message.formatted(place, said);
    return this == LACKING ? new UnsupportedFeature(text) : new AccessDenied(text, cause);
  }
}
