package dev.vectorstore.supabase.postgres;

import dev.vectorstore.support.TlsFault;
import dev.vectorstore.support.TlsFault.Proof;
import dev.vectorstore.support.TlsFault.Remedies;
import dev.vectorstore.support.TlsProofs;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** What the driver says, and no other client does, of an encrypted connection that fails. */
final class PostgresTlsFaults {
  static final Remedies REMEDIES =
      new Remedies(
          "name the file of the certificates that are (sslrootcert=... in the URL, or trust(...)"
              + " on the builder)",
          ", or sslmode=verify-ca where every server with such a certificate is the right one",
          "show one by a DataSource of your own (Postgres.over(...))",
          ", so no password is sent; turn TLS on there, or where the network is safe call"
              + " allowPlainTextKey() on the builder, without an sslmode");

  /** Of a connection that the server refuses, among others since it has no TLS. */
  private static final String REJECTED = "08004";

  private PostgresTlsFaults() {}

  /** The driver translates its messages, but not the names of protocols and classes in them. */
  static @Nullable TlsFault of(SQLException refused) {
    String text = String.valueOf(refused.getMessage());
    if (REJECTED.equals(refused.getSQLState()) && text.contains("SSL")) {
      return TlsFault.LACKING;
    }
    if (text.contains("PgjdbcHostnameVerifier")) {
      return TlsFault.OF_ANOTHER_HOST;
    }
    return TlsProofs.in(refused).map(Proof::fault).orElse(null);
  }
}
