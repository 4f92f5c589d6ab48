package dev.vectorstore.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vectorstore.testkit.ProxyMode.Direction;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TcpProxyTest {
  private static final int SILENCE_MILLIS = 300;

  private EchoServer echo;
  private TcpProxy proxy;

  @BeforeEach
  void start() throws IOException {
    echo = new EchoServer();
    proxy = TcpProxy.to("127.0.0.1", echo.port());
  }

  @AfterEach
  void stop() throws IOException {
    proxy.close();
    echo.close();
  }

  @Test
  void passesBothDirectionsAndTheEnd() throws IOException {
    try (Socket client = connect()) {
      assertThat(ask(client, "hello")).isEqualTo("hello");
      client.shutdownOutput();
      assertThat(client.getInputStream().read()).isEqualTo(-1);
    }
    assertThat(proxy.connections()).isEqualTo(1);
    assertThat(Await.until(Duration.ofSeconds(5), () -> proxy.openConnections() == 0)).isTrue();
  }

  @Test
  void refusesNewConnectionsResetsOpenOnesAndComesBackOnTheSamePort() throws IOException {
    try (Socket client = connect()) {
      assertThat(ask(client, "before")).isEqualTo("before");

      proxy.mode(ProxyMode.refuse());

      assertReset(client);
      assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);
    }
    proxy.mode(ProxyMode.pass());
    try (Socket client = connect()) {
      assertThat(ask(client, "after")).isEqualTo("after");
    }
  }

  @Test
  void stallsNewAndOpenConnectionsAndGoesOnLater() throws IOException {
    try (Socket open = connect()) {
      assertThat(ask(open, "one")).isEqualTo("one");
      proxy.mode(ProxyMode.stall());
      try (Socket fresh = connect()) {
        send(open, "two");
        send(fresh, "three");
        assertSilent(open);
        assertSilent(fresh);
        assertThat(echo.received()).isEqualTo("one".length());

        proxy.mode(ProxyMode.pass());

        assertThat(receive(open, 3)).isEqualTo("two");
        assertThat(receive(fresh, 5)).isEqualTo("three");
      }
    }
  }

  @Test
  void halfOpenSwallowsAndNeverEnds() throws IOException {
    try (Socket open = connect()) {
      assertThat(ask(open, "one")).isEqualTo("one");
      proxy.mode(ProxyMode.halfOpen());
      try (Socket fresh = connect()) {
        send(open, "lost");
        send(fresh, "lost");
        assertSilent(open);
        assertSilent(fresh);
        assertThat(echo.received()).isEqualTo("one".length());

        proxy.mode(ProxyMode.pass());

        send(fresh, "the target of this connection is gone for good");
        assertReset(fresh);
      }
    }
  }

  @Test
  void resetsAfterSoManyBytesOfARequest() throws IOException {
    try (Socket client = connect()) {
      assertThat(ask(client, "warm")).isEqualTo("warm");
      proxy.mode(ProxyMode.resetAfter(Direction.TO_TARGET, 3));

      send(client, "request");

      assertReset(client);
      assertThat(Await.until(Duration.ofSeconds(5), () -> echo.received() == 4 + 3)).isTrue();
      assertThat(proxy.faults()).isEqualTo(1);
    }
  }

  @Test
  void resetsAfterSoManyBytesOfAnAnswer() throws IOException {
    try (Socket client = connect()) {
      proxy.mode(ProxyMode.resetAfter(Direction.TO_CLIENT, 3));

      send(client, "request");

      assertThat(receive(client, 3)).isEqualTo("req");
      assertReset(client);
      assertThat(echo.received()).isEqualTo("request".length());
    }
  }

  @Test
  void losesOneAnswerAndPassesTheNext() throws IOException {
    proxy.mode(ProxyMode.loseAnswers().times(1));
    try (Socket client = connect()) {
      send(client, "applied");
      assertReset(client);
      assertThat(echo.received()).isEqualTo("applied".length());
    }
    try (Socket client = connect()) {
      assertThat(ask(client, "again")).isEqualTo("again");
    }
    assertThat(proxy.faults()).isEqualTo(1);
    assertThat(proxy.connections()).isEqualTo(2);
  }

  @Test
  void slowsDown() throws IOException {
    proxy.mode(ProxyMode.slow(1_000));
    try (Socket client = connect()) {
      long start = System.nanoTime();
      assertThat(ask(client, "x".repeat(300))).hasSize(300);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(250));
    }
  }

  @Test
  void aTargetThatIsNotThereResets() throws IOException {
    echo.close();
    try (Socket client = connect()) {
      assertReset(client);
    }
  }

  @Test
  void closeEndsConnectionsThreadsAndThePort() throws IOException {
    proxy.mode(ProxyMode.stall());
    try (Socket client = connect()) {
      send(client, "held");
      proxy.close();
      proxy.close();

      assertReset(client);
      assertThat(FreePort.answers(proxy.port())).isFalse();
      assertThat(Await.until(Duration.ofSeconds(10), this::noThreadIsLeft)).isTrue();
      assertThatThrownBy(() -> proxy.mode(ProxyMode.pass()))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void onlyResetsCanBeCounted() {
    ProxyMode stall = ProxyMode.stall();

    assertThatThrownBy(() -> stall.times(1)).isInstanceOf(IllegalStateException.class);
  }

  private boolean noThreadIsLeft() {
    return Thread.getAllStackTraces().keySet().stream()
        .noneMatch(thread -> thread.getName().equals("tcp-proxy-" + proxy.port()));
  }

  private Socket connect() throws IOException {
    Socket client = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
    client.setSoTimeout(10_000);
    return client;
  }

  private static String ask(Socket client, String text) throws IOException {
    send(client, text);
    return receive(client, text.length());
  }

  private static void send(Socket client, String text) throws IOException {
    client.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static String receive(Socket client, int length) throws IOException {
    return new String(client.getInputStream().readNBytes(length), StandardCharsets.US_ASCII);
  }

  private static void assertReset(Socket client) {
    assertThatThrownBy(() -> client.getInputStream().readAllBytes())
        .isInstanceOf(SocketException.class);
  }

  private static void assertSilent(Socket client) throws IOException {
    int timeout = client.getSoTimeout();
    client.setSoTimeout(SILENCE_MILLIS);
    assertThatThrownBy(() -> client.getInputStream().read())
        .isInstanceOf(SocketTimeoutException.class);
    client.setSoTimeout(timeout);
  }
}
