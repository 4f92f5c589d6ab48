package dev.vectorstore.testservers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vectorstore.testkit.ProxyMode;
import dev.vectorstore.testkit.TcpProxy;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ScriptedGrpcServerTest {
  private static final GrpcReply DONE = GrpcReply.message("done".getBytes(UTF_8));

  private final ScriptedGrpcServer server = ScriptedGrpcServer.start(DONE);
  private ManagedChannel channel = channel(server.port());

  @AfterEach
  void stop() throws InterruptedException {
    channel.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
    server.close();
    server.close();
  }

  @Test
  void answersAnyMethodAndRecordsTheCall() {
    assertThat(call("points.Points/Upsert", "request")).isEqualTo("done");

    assertThat(server.calls()).hasSize(1);
    assertThat(server.calls().get(0).method()).isEqualTo("points.Points/Upsert");
    assertThat(server.calls().get(0).request()).isEqualTo("request".getBytes(UTF_8));
    assertThat(server.calls().get(0).header("user-agent")).isPresent();
  }

  @Test
  void answersAStatusWithTrailers() {
    server.script(GrpcReply.status(Status.RESOURCE_EXHAUSTED).trailer("retry-after", "7"), DONE);

    assertStatus("a.A/B", Status.Code.RESOURCE_EXHAUSTED);
    assertThat(call("a.A/B", "")).isEqualTo("done");
  }

  @Test
  void aMethodMayHaveAScriptOfItsOwn() {
    server.scriptMethod("a.A/Bad", GrpcReply.status(Status.INTERNAL));

    assertStatus("a.A/Bad", Status.Code.INTERNAL);
    assertThat(call("a.A/Good", "")).isEqualTo("done");
  }

  @Test
  void answersLateOrNever() {
    server.script(DONE.after(Duration.ofMillis(100)), GrpcReply.silence());

    long start = System.nanoTime();
    assertThat(call("a.A/B", "")).isEqualTo("done");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(90));
    assertThatThrownBy(() -> call("a.A/B", "", Duration.ofSeconds(1)))
        .asInstanceOf(InstanceOfAssertFactories.type(StatusRuntimeException.class))
        .extracting(e -> e.getStatus().getCode())
        .isEqualTo(Status.Code.DEADLINE_EXCEEDED);
  }

  @Test
  void anOkWithoutAMessageIsPossible() {
    server.script(GrpcReply.nothing());

    assertThatThrownBy(() -> call("a.A/B", ""))
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessageContaining("No value received");
  }

  @Test
  void theProxyLosesTheAnswerButNotTheRequest() {
    try (TcpProxy proxy = TcpProxy.to("127.0.0.1", server.port())) {
      channel.shutdownNow();
      channel = channel(proxy.port());
      proxy.mode(ProxyMode.loseAnswers().times(1));

      assertStatus("a.A/B", Status.Code.UNAVAILABLE);

      assertThat(server.calls()).as("the request was applied").hasSize(1);
      assertThat(call("a.A/B", "again")).isEqualTo("done");
      assertThat(proxy.faults()).isEqualTo(1);
    }
  }

  @Test
  void theProxyLosesTheAnswerOnAWarmConnectionAndUnderALargeRequest() {
    try (TcpProxy proxy = TcpProxy.to("127.0.0.1", server.port())) {
      channel.shutdownNow();
      channel = channel(proxy.port());
      assertThat(call("a.A/B", "warm")).isEqualTo("done");
      proxy.mode(ProxyMode.loseAnswers().times(1));

      assertThatThrownBy(() -> call("a.A/B", "x".repeat(3_000_000)))
          .isInstanceOf(StatusRuntimeException.class);

      assertThat(server.calls()).hasSize(2);
      assertThat(server.calls().get(1).request()).hasSize(3_000_000);
    }
  }

  private void assertStatus(String method, Status.Code code) {
    assertThatThrownBy(() -> call(method, ""))
        .asInstanceOf(InstanceOfAssertFactories.type(StatusRuntimeException.class))
        .extracting(e -> e.getStatus().getCode())
        .isEqualTo(code);
  }

  private String call(String method, String request) {
    return call(method, request, Duration.ofSeconds(30));
  }

  private String call(String method, String request, Duration deadline) {
    MethodDescriptor<byte[], byte[]> descriptor =
        MethodDescriptor.<byte[], byte[]>newBuilder()
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName(method)
            .setRequestMarshaller(BytesMarshaller.INSTANCE)
            .setResponseMarshaller(BytesMarshaller.INSTANCE)
            .build();
    CallOptions options =
        CallOptions.DEFAULT.withDeadlineAfter(deadline.toMillis(), TimeUnit.MILLISECONDS);
    byte[] answer =
        ClientCalls.blockingUnaryCall(channel, descriptor, options, request.getBytes(UTF_8));
    return new String(answer, UTF_8);
  }

  private static ManagedChannel channel(int port) {
    return NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().disableRetry().build();
  }
}
