package dev.vectorstore.supabase.rest;

import dev.vectorstore.VectorStoreException.MalformedResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * Decodes the body of an answer that a gateway in front of PostgREST has compressed; the JDK's
 * client decodes nothing by itself. It reads one buffer ahead of its reader, and no more. Read by
 * one thread.
 */
final class GzipBody extends InputStream {
  private static final int BUFFER = 16 * 1024;

  private final InputStream body;
  private @Nullable GZIPInputStream decoded;

  private GzipBody(InputStream body) {
    this.body = body;
  }

  /**
   * The body as the server made it.
   *
   * @throws MalformedResponse if it is encoded in a way that wasn't asked for
   */
  static InputStream of(HttpResponse<InputStream> response) {
    String encoding = response.headers().firstValue("Content-Encoding").orElse("identity");
    return switch (encoding) {
      case "identity" -> response.body();
      case "gzip", "x-gzip" -> new GzipBody(response.body());
      default ->
          throw new MalformedResponse(
              "the answer has a content encoding that wasn't asked for; check the gateway in front"
                  + " of PostgREST");
    };
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (decoded == null) {
      decoded = new GZIPInputStream(body, BUFFER); // reads the head, so it waits for the body
    }
    int count = decoded.read(bytes, offset, length);
    // To the end of the body, so that the connection serves again.
    if (count < 0 && body.read() >= 0) {
      throw new ZipException("something stands behind the compressed answer");
    }
    return count;
  }

  @Override
  public void close() throws IOException {
    try (body) {
      if (decoded != null) {
        decoded.close();
      }
    }
  }
}
