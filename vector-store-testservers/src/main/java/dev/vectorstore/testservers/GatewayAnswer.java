package dev.vectorstore.testservers;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;

/**
 * A page of HTML with which a gateway answers in the place of its server.
 *
 * @param status of HTTP, such as 502
 * @param retryAfter in seconds; negative for none
 * @param http2 whether HTTP/2 is spoken, else HTTP/1.1
 */
public record GatewayAnswer(int status, int retryAfter, boolean http2) {
  private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII);
  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int SETTINGS = 4;
  private static final int GOAWAY = 7;
  private static final int END_STREAM = 1;
  private static final int END_HEADERS = 4;

  /** In HTTP/1.1. */
  public static GatewayAnswer http1(int status) {
    return new GatewayAnswer(status, -1, false);
  }

  /** In HTTP/2. */
  public static GatewayAnswer http2(int status) {
    return new GatewayAnswer(status, -1, true);
  }

  /** Asks to wait so many seconds. */
  public GatewayAnswer retryAfter(int seconds) {
    return new GatewayAnswer(status, seconds, http2);
  }

  private String page() {
    return "<html>\r\n<center><h1>" + status + "</h1></center>\r\n</html>\r\n";
  }

  /**
   * Answers a request of which the first bytes are here.
   *
   * @param in what comes, from a boundary of frames on where it is HTTP/2
   */
  void write(InputStream in, OutputStream out) throws IOException {
    if (!http2) {
      String wait = retryAfter < 0 ? "" : "Retry-After: " + retryAfter + "\r\n";
      String head =
          "HTTP/1.1 %d Bad Gateway\r\nServer: gateway\r\nContent-Type: text/html\r\n%s"
              + "Content-Length: %d\r\nConnection: close\r\n\r\n";
      out.write((head.formatted(status, wait, page().length()) + page()).getBytes(US_ASCII));
      return;
    }
    DataOutputStream frames = new DataOutputStream(out);
    int stream = stream(new DataInputStream(in), frames);
    frame(frames, HEADERS, END_HEADERS, stream, headers());
    frame(frames, DATA, END_STREAM, stream, page().getBytes(US_ASCII));
    frame(frames, GOAWAY, 0, 0, new byte[] {0, 0, 0, (byte) stream, 0, 0, 0, 0});
    frames.flush();
  }

  /** Reads frames until those of a request begin, and says which stream it is. */
  private static int stream(DataInputStream in, DataOutputStream out) throws IOException {
    byte[] start = in.readNBytes(9);
    if (Arrays.equals(start, Arrays.copyOf(PREFACE, start.length))) {
      in.readNBytes(PREFACE.length - start.length);
      frame(out, SETTINGS, 0, 0, new byte[0]);
      start = in.readNBytes(9);
    }
    while (start.length == 9 && start[3] != HEADERS) {
      in.readNBytes((start[0] & 255) << 16 | (start[1] & 255) << 8 | (start[2] & 255));
      start = in.readNBytes(9);
    }
    if (start.length < 9) {
      throw new IOException("The client went away");
    }
    return (start[6] & 255) << 16 | (start[7] & 255) << 8 | (start[8] & 255);
  }

  /** Literals with the names of the static table: 8 is the status. */
  private byte[] headers() {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    literal(block, Integer.toString(status), 8);
    literal(block, "text/html", 15, 31 - 15);
    if (retryAfter >= 0) {
      literal(block, Integer.toString(retryAfter), 15, 53 - 15);
    }
    return block.toByteArray();
  }

  private static void literal(ByteArrayOutputStream block, String value, int... name) {
    for (int part : name) {
      block.write(part);
    }
    block.write(value.length());
    block.writeBytes(value.getBytes(US_ASCII));
  }

  private static void frame(DataOutputStream out, int type, int flags, int stream, byte[] payload)
      throws IOException {
    out.writeByte(payload.length >> 16);
    out.writeShort(payload.length);
    out.writeByte(type);
    out.writeByte(flags);
    out.writeInt(stream);
    out.write(payload);
    out.flush();
  }
}
