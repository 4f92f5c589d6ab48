package dev.vectorstore.supabase.rest;

import dev.vectorstore.VectorStoreException;
import dev.vectorstore.VectorStoreException.MalformedResponse;
import dev.vectorstore.VectorStoreException.Unavailable;
import dev.vectorstore.support.ClientErrors;
import dev.vectorstore.support.Effect;
import dev.vectorstore.support.TlsFault;
import dev.vectorstore.support.TlsFault.Proof;
import dev.vectorstore.support.TlsFault.Remedies;
import dev.vectorstore.support.TlsProofs;
import java.io.IOException;
import java.net.ConnectException;
import java.net.ProtocolException;
import java.net.URI;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.util.Optional;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;

/** What it means that no answer comes, or half of one. */
final class HttpFaults {
  static final Remedies REMEDIES =
      new Remedies(
          "give a client that trusts it (httpClient(...) on the builder, with an SSLContext), or add"
              + " it to the certificates of the platform (javax.net.ssl.trustStore)",
          " in the URL",
          "show one by a client of your own (httpClient(...) on the builder, with an SSLContext)",
          "; write http:// in the URL if the network is safe (a key then needs allowPlainTextKey()"
              + " on the builder), or turn TLS on there");

  private HttpFaults() {}

  /**
   * The error.
   *
   * @param fault what the client threw
   * @param effect that of the request
   * @param address where it went
   */
  static VectorStoreException of(IOException fault, Effect effect, URI address) {
    ClientErrors.rethrow(fault);
    if (Thread.currentThread().isInterrupted()) {
      return effect.lost("interrupted while reading the server's answer", fault);
    }
    if (fault instanceof HttpConnectTimeoutException) {
      return unconnected(fault, address);
    }
    if (fault instanceof ConnectException) {
      return new Unavailable(
          "nothing accepts connections at " + address + "; check the address, and that it runs",
          fault);
    }
    if (fault instanceof HttpTimeoutException) {
      return effect.lost("no answer of " + address + " within the deadline", fault);
    }
    Optional<Proof> tls = TlsProofs.in(fault);
    if (tls.isPresent()) {
      return tls.get().fault().toException(REMEDIES, address.toString(), tls.get().said(), fault);
    }
    if (fault instanceof ProtocolException) {
      return new MalformedResponse(
          "what answers at " + address + " isn't an HTTP server; check the port", fault);
    }
    if (fault instanceof SSLHandshakeException) { // nothing is sent before it is over
      return new Unavailable(
          "the connection to " + address + " ended while it was being encrypted", fault);
    }
    return effect.lost(
        fault instanceof SSLException
            ? "the encrypted connection to " + address + " broke"
            : "the connection to " + address + " broke",
        fault);
  }

  private static VectorStoreException unconnected(IOException fault, URI address) {
    return PlainPostgrest.answers(address)
        ? TlsFault.LACKING.toException(REMEDIES, address.toString(), "", fault)
        : new Unavailable(
            "no connection to "
                + address
                + " came about in time; check the address, that it runs, and that the port is one"
                + " of "
                + address.getScheme(),
            fault);
  }
}
