package dev.vectorstore.qdrant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.VectorStoreException.InvalidRequest;
import io.grpc.Attributes;
import io.grpc.CallCredentials;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.SecurityLevel;
import io.grpc.Status;
import io.qdrant.client.grpc.PointsGrpc;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Over which connections of a caller's own channel the key goes: nobody checked its address. */
class ApiKeyTest {
  private static final Metadata.Key<String> HEADER =
      Metadata.Key.of("api-key", Metadata.ASCII_STRING_MARSHALLER);

  @ParameterizedTest
  @CsvSource({
    "PRIVACY_AND_INTEGRITY, qdrant.example:6334, false, true",
    "INTEGRITY, qdrant.example:6334, false, false",
    "NONE, qdrant.example:6334, false, false",
    "NONE, qdrant.example:6334, true, true",
    "NONE, 127.0.0.1:6334, false, true",
    "NONE, [::1]:6334, false, true",
    "NONE, 127.0.0.1.evil.example:6334, false, false"
  })
  void itGoesWhereNobodyElseReadsItOrWhereThatIsAllowed(
      SecurityLevel level, String authority, boolean allowed, boolean sent) {
    Applied applied = new Applied();
    new ApiKey(() -> "a-key", allowed, false)
        .applyRequestMetadata(new Call(level, authority), Runnable::run, applied);
    if (sent) {
      assertThat(applied.failure).isNull();
      assertThat(applied.header).isEqualTo("a-key");
    } else {
      assertThat(applied.header).isNull();
      assertThat(applied.failure).isNotNull();
      assertThat(applied.failure.getCause())
          .isInstanceOf(InvalidRequest.class)
          .hasMessageContaining("plain text");
    }
  }

  /** What gRPC took. */
  private static final class Applied extends CallCredentials.MetadataApplier {
    @Nullable String header;
    @Nullable Status failure;

    @Override
    public void apply(Metadata headers) {
      header = headers.get(HEADER);
    }

    @Override
    public void fail(Status status) {
      failure = status;
    }
  }

  /** A call over a connection with this security to this authority. */
  private static final class Call extends CallCredentials.RequestInfo {
    private final SecurityLevel level;
    private final String authority;

    Call(SecurityLevel level, String authority) {
      this.level = level;
      this.authority = authority;
    }

    @Override
    public MethodDescriptor<?, ?> getMethodDescriptor() {
      return PointsGrpc.getCountMethod();
    }

    @Override
    public SecurityLevel getSecurityLevel() {
      return level;
    }

    @Override
    public String getAuthority() {
      return authority;
    }

    @Override
    public Attributes getTransportAttrs() {
      return Attributes.EMPTY;
    }
  }
}
