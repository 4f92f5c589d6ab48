package dev.vectorstore.supabase.rest;

import java.io.OutputStream;
import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The body of a request, written once and held once: it grows by pieces, where an array would be
 * copied. Used by one thread until it is sent.
 */
final class Chunks extends OutputStream {
  private static final int FIRST = 16 * 1024;
  private static final int MOST = 256 * 1024;

  private final List<byte[]> full = new ArrayList<>();
  private byte[] current = new byte[FIRST];
  private int used;
  private long length;

  @Override
  public void write(int b) {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int count) {
    int from = offset;
    int left = count;
    while (left > 0) {
      if (used == current.length) {
        full.add(current);
        current = new byte[Math.min(MOST, 2 * current.length)];
        used = 0;
      }
      int part = Math.min(left, current.length - used);
      System.arraycopy(bytes, from, current, used, part);
      used += part;
      from += part;
      left -= part;
    }
    length += count;
  }

  long length() {
    return length;
  }

  HttpRequest.BodyPublisher publisher() {
    List<byte[]> pieces = new ArrayList<>(full);
    pieces.add(Arrays.copyOf(current, used));
    return HttpRequest.BodyPublishers.fromPublisher(
        HttpRequest.BodyPublishers.ofByteArrays(pieces), length);
  }
}
