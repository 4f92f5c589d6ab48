package dev.vectorstore.support;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.VectorStoreException.Throttled;
import dev.vectorstore.VectorStoreException.Unavailable;
import java.io.EOFException;
import java.io.IOException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the libraries' own words prove; on real servers it is shown by the engines' tests. */
class TlsFaultTest {
  private static Optional<TlsFault> fault(Throwable failure) {
    return TlsProofs.in(new IOException("outer", failure)).map(TlsFault.Proof::fault);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "Received fatal alert: certificate_required; CLIENT_CERTIFICATE",
        "Received fatal alert: unknown_ca; CLIENT_CERTIFICATE",
        "Received fatal alert: protocol_version; NO_COMMON_WAY",
        "Received fatal alert: unrecognized_name; NO_COMMON_WAY",
        "error:1000045c:SSL routines:OPENSSL_internal:TLSV1_ALERT_CERTIFICATE_REQUIRED;"
            + " CLIENT_CERTIFICATE",
        "error:1000042e:SSL routines:OPENSSL_internal:TLSV1_ALERT_PROTOCOL_VERSION; NO_COMMON_WAY",
        "error:100000f0:SSL routines:OPENSSL_internal:UNSUPPORTED_PROTOCOL; NO_COMMON_WAY",
        "The server selected protocol version TLS10 is not accepted by client preferences;"
            + " NO_COMMON_WAY",
        "Unsupported or unrecognized SSL message; LACKING",
      })
  void whatIsSaidOfAHandshakeIsAFault(String said, TlsFault fault) {
    assertThat(fault(new SSLException(said))).contains(fault);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Received fatal alert: internal_error",
        "Received fatal alert: decode_error",
        "Remote host terminated the handshake",
        "Connection reset",
        "closing inbound before receiving peer's close_notify",
        "error:10000438:SSL routines:OPENSSL_internal:TLSV1_ALERT_INTERNAL_ERROR"
      })
  void whatProvesNothingIsNone(String said) {
    assertThat(fault(new SSLHandshakeException(said))).isEmpty();
  }

  @Test
  void aCertificateCountsWhereAConnectionIsEncryptedAlone() {
    CertificateException of = new CertificateException("No name matching a found");
    Throwable handshake = new SSLHandshakeException("failed").initCause(of);
    assertThat(fault(handshake)).contains(TlsFault.OF_ANOTHER_HOST);
    assertThat(fault(of)).isEmpty();
    assertThat(fault(new SSLException("broken", new AEADBadTagException("Tag mismatch"))))
        .isEmpty();
    assertThat(fault(new SSLHandshakeException("ended").initCause(new EOFException()))).isEmpty();
  }

  @Test
  void aRecordOfTlsWhereHttpWasAwaitedIsAFaultAndOtherBytesAreNone() {
    String line = "Invalid status line: \"%s\"";
    assertThat(fault(new IOException(line.formatted("\u0015\u0003\u0003\u0000\u0002\u0002P"))))
        .contains(TlsFault.NEEDED);
    assertThat(fault(new IOException(line.formatted("\u0015\u0003 HTTP")))).isEmpty();
    assertThat(TlsProofs.isNeededBy(400, "The plain HTTP request was sent to HTTPS port")).isTrue();
    assertThat(TlsProofs.isNeededBy(502, "The plain HTTP request was sent to HTTPS port"))
        .isFalse();
    assertThat(TlsProofs.isNeededBy(400, "Bad Request")).isFalse();
  }

  @Test
  void aWaitIsReadInSecondsAndKeptForErrorsThatHaveNoPlaceForIt() {
    assertThat(AskedToWait.parse(" 7 ")).isEqualTo(Duration.ofSeconds(7));
    for (String none : new String[] {"", "-1", "1.5", "Wed, 21 Oct 2015 07:28:00 GMT"}) {
      assertThat(AskedToWait.parse(none)).isNull();
    }
    assertThat(AskedToWait.parse(null)).isNull();
    Throwable asked = AskedToWait.around(Duration.ofSeconds(7), null);
    assertThat(AskedToWait.in(new Unavailable("away", asked).withMessage("named")))
        .contains(Duration.ofSeconds(7));
    assertThat(AskedToWait.around(null, null)).isNull();
    assertThat(AskedToWait.in(new Throttled("slow"))).isEmpty();
  }
}
