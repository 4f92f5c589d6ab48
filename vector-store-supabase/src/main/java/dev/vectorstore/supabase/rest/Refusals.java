package dev.vectorstore.supabase.rest;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.vectorstore.VectorStoreException;
import dev.vectorstore.VectorStoreException.MalformedResponse;
import dev.vectorstore.supabase.managed.SqlErrors;
import dev.vectorstore.support.AskedToWait;
import dev.vectorstore.support.Effect;
import dev.vectorstore.support.TlsFault;
import dev.vectorstore.support.TlsProofs;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the answers that aren't successes. */
final class Refusals {
  private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LONGEST = 64 * 1024;
  private static final Set<Integer> MOVED = Set.of(301, 302, 307, 308);

  private final URI address;

  Refusals(URI address) {
    this.address = address;
  }

  /**
   * What is said in the body, which is closed then.
   *
   * @return the JSON, or a node that is missing if it is none
   * @throws VectorStoreException if the answer is no refusal of the request, but one of its lack of
   *     encryption
   */
  JsonNode read(HttpResponse<InputStream> response) {
    try (InputStream raw = response.body(); // closed by itself where it can't be decoded
        InputStream body = GzipBody.of(response)) {
      byte[] said = body.readNBytes(LONGEST);
      requireEncryptionUnneeded(response, said);
      return JSON.readTree(said);
    } catch (IOException | MalformedResponse notJson) {
      LOG.debug("a refusal of {} has no JSON body", address);
      return MissingNode.getInstance();
    }
  }

  private void requireEncryptionUnneeded(HttpResponse<?> response, byte[] said) {
    if ("http".equals(address.getScheme())
        && (isSentToHttps(response)
            || TlsProofs.isNeededBy(response.statusCode(), new String(said, UTF_8)))) {
      throw TlsFault.NEEDED.toException(
          HttpFaults.REMEDIES, address.toString(), " (" + response.statusCode() + ")", null);
    }
  }

  /** Whether the same is to be asked for by https; another host could be anything. */
  private boolean isSentToHttps(HttpResponse<?> response) {
    if (!MOVED.contains(response.statusCode())) {
      return false;
    }
    String location = response.headers().firstValue("Location").orElse("");
    String host = String.valueOf(address.getHost());
    return location.matches("(?i)https://" + Pattern.quote(host) + "(:\\d+)?(/.*)?");
  }

  /** The error that such an answer means. */
  static VectorStoreException error(
      HttpResponse<?> response, JsonNode said, SqlErrors.Source source, Effect effect) {
    return new RestErrors(
            response.statusCode(),
            said.path("code").asText(),
            said.path("message").asText(),
            AskedToWait.parse(header(response)))
        .toException(source, effect);
  }

  private static @Nullable String header(HttpResponse<?> response) {
    return response.headers().firstValue("Retry-After").orElse(null);
  }
}
