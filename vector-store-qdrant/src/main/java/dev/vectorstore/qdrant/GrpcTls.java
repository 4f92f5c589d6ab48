package dev.vectorstore.qdrant;

import dev.vectorstore.VectorStoreException;
import dev.vectorstore.support.TlsFault;
import dev.vectorstore.support.TlsFault.Proof;
import dev.vectorstore.support.TlsFault.Remedies;
import dev.vectorstore.support.TlsProofs;
import io.grpc.StatusRuntimeException;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A {@link TlsFault} below a gRPC status. Stateless. */
final class GrpcTls {
  private static final Remedies REMEDIES =
      new Remedies(
          "name the file of the certificates that are (trust(...) on the builder, or the JVM's"
              + " javax.net.ssl.trustStore)",
          " in the URL",
          "show one by a channel of your own (Qdrant.over(...))",
          "; write http:// in the URL if the network is safe (a key then needs allowPlainTextKey()"
              + " on the builder), or turn TLS on there");

  /** What is wrong before a connection is encrypted names these parts of it. */
  private static final Pattern HANDSHAKE =
      Pattern.compile("SslHandler.*ProtocolNegotiators", Pattern.DOTALL);

  private GrpcTls() {}

  /** What is wrong with the encryption; empty if nothing is, or nothing proves it. */
  static Optional<Proof> fault(StatusRuntimeException error) {
    return TlsProofs.in(error)
        .filter(proof -> proof.fault() != TlsFault.LACKING || isHandshake(error));
  }

  static @Nullable VectorStoreException exception(StatusRuntimeException error, String server) {
    return fault(error)
        .map(proof -> proof.fault().toException(REMEDIES, server, proof.said(), error))
        .orElse(null);
  }

  /** Whether the connection was still being encrypted, so that nothing was sent by it. */
  static boolean isHandshake(StatusRuntimeException error) {
    return HANDSHAKE.matcher(String.valueOf(error.getStatus().getDescription())).find();
  }
}
