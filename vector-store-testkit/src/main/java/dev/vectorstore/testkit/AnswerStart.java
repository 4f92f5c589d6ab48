package dev.vectorstore.testkit;

/**
 * Finds where the next answer begins in what a server sends over one connection.
 *
 * <p>A server of HTTP/2 speaks first and in between (SETTINGS, WINDOW_UPDATE, PING), so its frames
 * are followed from the first byte on. Any other protocol answers with its first byte. For one
 * thread.
 */
final class AnswerStart {
  private static final int HEADER_LENGTH = 9;
  private static final int TYPE = 3;
  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int SETTINGS = 4;

  private final byte[] header = new byte[HEADER_LENGTH];
  private int headerFilled;
  private int payloadLeft;
  private boolean first = true;
  private boolean http2;

  /**
   * Follows the next bytes.
   *
   * @return the position at which an answer begins, or the length when none does
   */
  int next(byte[] bytes, int length) {
    if (first && length > 0) {
      first = false;
      http2 = length >= HEADER_LENGTH && bytes[0] == 0 && bytes[TYPE] == SETTINGS;
    }
    return http2 ? nextFrame(bytes, length) : 0;
  }

  private int nextFrame(byte[] bytes, int length) {
    int answer = length;
    int at = 0;
    while (at < length) {
      if (payloadLeft > 0) {
        int skipped = Math.min(payloadLeft, length - at);
        payloadLeft -= skipped;
        at += skipped;
        continue;
      }
      header[headerFilled++] = bytes[at++];
      if (headerFilled == HEADER_LENGTH) {
        headerFilled = 0;
        payloadLeft = payloadLength();
        if (isAnswer()) {
          answer = Math.min(answer, Math.max(0, at - HEADER_LENGTH));
        }
      }
    }
    return answer;
  }

  private int payloadLength() {
    return (header[0] & 0xFF) << 16 | (header[1] & 0xFF) << 8 | (header[2] & 0xFF);
  }

  private boolean isAnswer() {
    return header[TYPE] == DATA || header[TYPE] == HEADERS;
  }
}
