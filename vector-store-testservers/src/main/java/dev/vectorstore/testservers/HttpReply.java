package dev.vectorstore.testservers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One answer of a {@link ScriptedHttpServer}. Immutable: each method gives a changed copy.
 *
 * <pre>{@code
 * HttpReply.of(429).header("Retry-After", "7")
 * HttpReply.of(200).body("[1, 2, 3]").truncatedTo(4)
 * }</pre>
 */
public final class HttpReply {
  private static final HttpReply OK =
      new HttpReply(200, Map.of(), new byte[0], new Fault(Ending.WHOLE, 0, Duration.ZERO));

  private final int status;
  private final Map<String, String> headers;
  private final byte[] body;
  private final Fault fault;

  private HttpReply(int status, Map<String, String> headers, byte[] body, Fault fault) {
    this.status = status;
    this.headers = headers;
    this.body = body;
    this.fault = fault;
  }

  /** An answer of this status without a body. */
  public static HttpReply of(int status) {
    return new HttpReply(status, OK.headers, OK.body, OK.fault);
  }

  /** Status 200 with this JSON. */
  public static HttpReply json(String json) {
    return OK.header("Content-Type", "application/json").body(json);
  }

  /** No answer: the connection is closed when the request has been read. */
  public static HttpReply none() {
    return new HttpReply(OK.status, OK.headers, OK.body, new Fault(Ending.NONE, 0, Duration.ZERO));
  }

  /** No answer and no end: the connection stays open in silence until the server is closed. */
  public static HttpReply silence() {
    return new HttpReply(
        OK.status, OK.headers, OK.body, new Fault(Ending.SILENCE, 0, Duration.ZERO));
  }

  /** With one more header. */
  public HttpReply header(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(requireNonNull(name, "name"), requireNonNull(value, "value"));
    return new HttpReply(status, more, body, fault);
  }

  /** With this body, in UTF-8. */
  public HttpReply body(String text) {
    return body(text.getBytes(UTF_8));
  }

  /** With this body, such as one that is compressed. */
  public HttpReply body(byte[] bytes) {
    return new HttpReply(status, headers, bytes.clone(), fault);
  }

  /** Announces the whole body, sends so many bytes of it and closes the connection. */
  public HttpReply truncatedTo(int bytes) {
    return new HttpReply(status, headers, body, new Fault(Ending.TRUNCATED, bytes, fault.delay));
  }

  /**
   * Announces the whole body, sends so many bytes of it, and no more until the server is closed.
   */
  public HttpReply stalledAfter(int bytes) {
    return new HttpReply(status, headers, body, new Fault(Ending.STALLED, bytes, fault.delay));
  }

  /** Answers only after this time. */
  public HttpReply after(Duration delay) {
    return new HttpReply(status, headers, body, new Fault(fault.ending, fault.bytes, delay));
  }

  int status() {
    return status;
  }

  Map<String, String> headers() {
    return headers;
  }

  Ending ending() {
    return fault.ending;
  }

  Duration delay() {
    return fault.delay;
  }

  int bodyLength() {
    return body.length;
  }

  /** The part of the body that is sent. */
  byte[] sentBody() {
    boolean whole = fault.ending == Ending.WHOLE;
    return whole ? body.clone() : Arrays.copyOf(body, Math.min(fault.bytes, body.length));
  }

  /** How an answer ends. */
  enum Ending {
    WHOLE,
    TRUNCATED,
    STALLED,
    SILENCE,
    NONE
  }

  private record Fault(Ending ending, int bytes, Duration delay) {}
}
