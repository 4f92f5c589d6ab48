package dev.vectorstore.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerStartTest {
  private static final int SETTINGS = 4;
  private static final int PING = 6;
  private static final int WINDOW_UPDATE = 8;

  @Test
  void aProtocolThatIsNotHttp2AnswersWithItsFirstByte() {
    byte[] reply = "HTTP/1.1 200 OK".getBytes(StandardCharsets.US_ASCII);

    assertThat(new AnswerStart().next(reply, reply.length)).isZero();
  }

  @Test
  void settingsPingsAndWindowUpdatesAreNoAnswer() {
    byte[] frames = join(frame(SETTINGS, 18), frame(PING, 8), frame(WINDOW_UPDATE, 4));

    assertThat(new AnswerStart().next(frames, frames.length)).isEqualTo(frames.length);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void dataAndHeadersAreTheAnswerWhereverTheBytesAreCut(int type) {
    byte[] before = join(frame(SETTINGS, 0), frame(WINDOW_UPDATE, 4));
    byte[] all = join(before, frame(type, 20));
    for (int cut = 9; cut <= all.length; cut++) {
      AnswerStart answers = new AnswerStart();
      byte[] first = Arrays.copyOf(all, cut);
      byte[] second = Arrays.copyOfRange(all, cut, all.length);
      int inFirst = answers.next(first, first.length);
      int inSecond = answers.next(second, second.length);

      boolean headerIsWhole = cut >= before.length + 9;
      assertThat(inFirst).as("cut at %d", cut).isEqualTo(headerIsWhole ? before.length : cut);
      if (!headerIsWhole) {
        assertThat(inSecond).as("cut at %d", cut).isEqualTo(Math.max(0, before.length - cut));
      }
    }
  }

  private static byte[] frame(int type, int length) {
    byte[] frame = new byte[9 + length];
    frame[2] = (byte) length;
    frame[3] = (byte) type;
    Arrays.fill(frame, 9, frame.length, (byte) 1);
    return frame;
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }
}
