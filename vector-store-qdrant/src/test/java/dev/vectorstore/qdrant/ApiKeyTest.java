package dev.vectorstore.qdrant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vectorstore.StoreOptions;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.VectorStores;
import dev.vectorstore.support.KeySource;
import io.grpc.Attributes;
import io.grpc.CallCredentials;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.SecurityLevel;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.qdrant.client.grpc.PointsGrpc;
import io.qdrant.client.grpc.PointsGrpc.PointsBlockingStub;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Over which connections a key goes. */
class ApiKeyTest {
  private static final Metadata.Key<String> HEADER =
      Metadata.Key.of("api-key", Metadata.ASCII_STRING_MARSHALLER);

  @Test
  void aKeyDoesNotGoOverPlainTextToAnotherMachine() {
    StoreOptions options = StoreOptions.builder().key(() -> "a-key").build();
    assertThatThrownBy(() -> VectorStores.open("qdrant:http://192.0.2.1:6334", options))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("plain text")
        .hasMessageNotContaining("a-key");
    Qdrant.at("http://192.0.2.1:6334").key(() -> "a-key").allowPlainTextKey().open().close();
    VectorStores.open("qdrant:http://127.0.0.1:6334", options).close();
    VectorStores.open("qdrant:https://192.0.2.1:6334", options).close();
  }

  @Test
  void aKeyThatAppearsLaterIsRefusedBeforeAnyIo() {
    String[] key = {null};
    try (VectorStore store = Qdrant.at("http://192.0.2.1:6334").key(() -> key[0]).open()) {
      key[0] = "late";
      assertThatThrownBy(() -> store.collections())
          .isInstanceOf(InvalidRequest.class)
          .hasMessageContaining("plain text");
    }
  }

  /** Of a caller's own channel nobody has checked the address. */
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
    ApiKey key = new ApiKey(new KeySource("API key", () -> "a-key"), allowed, false);
    ManagedChannel unconnected =
        NettyChannelBuilder.forAddress("localhost", 1).usePlaintext().build();
    try {
      PointsBlockingStub stub = PointsGrpc.newBlockingStub(unconnected);
      for (CallOptions options :
          List.of(
              key.on(stub, Bench.ATTEMPT).getCallOptions(),
              key.beside(stub, Bench.ATTEMPT).getCallOptions())) {
        Objects.requireNonNull(options.getCredentials())
            .applyRequestMetadata(new Call(level, authority), Runnable::run, applied);
        assertApplied(applied, sent);
      }
    } finally {
      unconnected.shutdownNow();
      key.close();
    }
  }

  private static void assertApplied(Applied applied, boolean sent) {
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
      failure = null;
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
