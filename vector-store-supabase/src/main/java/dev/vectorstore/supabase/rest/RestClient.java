package dev.vectorstore.supabase.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.vectorstore.CallStart;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.VectorStoreException.MalformedResponse;
import dev.vectorstore.supabase.managed.ServerFunction;
import dev.vectorstore.supabase.managed.SqlErrors;
import dev.vectorstore.support.Attempt;
import dev.vectorstore.support.Effect;
import dev.vectorstore.support.KeySource;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends requests to PostgREST, and turns what goes wrong into errors. Safe for threads. */
public final class RestClient implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RestClient.class);

  /** It reads to the end of the body, so that the connection serves again. */
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  /** Longer than the name of a schema can be, so that it is none. */
  private static final String NO_SCHEMA =
      "the-schemas-that-are-served-are-named-to-whom-asks-for-one-that-cannot-be";

  private static final Pattern SERVED = Pattern.compile("following[^:]*: (.+)");
  private static final String CUT = "the server's answer ended in the middle";

  private final URI address;
  private final Refusals refusals;
  private final HttpSender sender;
  private final KeySource key;
  private final boolean plainTextKey;
  private final AtomicBoolean keySeen;
  private final @Nullable String schema;

  /**
   * A client.
   *
   * @param sender which it closes
   * @param key asked before each request; closed with the client
   * @param plainTextKey whether the key may go over plain text to another machine
   */
  public RestClient(URI address, HttpSender sender, KeySource key, boolean plainTextKey) {
    this.address = address;
    refusals = new Refusals(address);
    this.sender = sender;
    this.key = key;
    this.plainTextKey = plainTextKey;
    keySeen = new AtomicBoolean();
    schema = null;
  }

  private RestClient(RestClient other, String schema) {
    address = other.address;
    refusals = other.refusals;
    sender = other.sender;
    key = other.key;
    plainTextKey = other.plainTextKey;
    keySeen = other.keySeen;
    this.schema = schema;
  }

  /** The same for the tables and functions of a schema; without it, of the API's default one. */
  RestClient in(String served) {
    return new RestClient(this, served);
  }

  CallStart.Server server() {
    int port = address.getPort();
    return CallStart.Server.of("postgresql")
        .at(address.getHost(), port >= 0 ? port : "https".equals(address.getScheme()) ? 443 : 80);
  }

  HttpClient httpClient() {
    return sender.client();
  }

  /** Ends requests in flight, and a client that is our own. */
  @Override
  public void close() {
    key.close();
    sender.close();
  }

  /** With which key rows are asked for. */
  ApiKey.Kind keyKind(Attempt attempt) {
    String text = key.ask(attempt);
    return text == null || text.isBlank() ? ApiKey.Kind.NONE : ApiKey.of(text).kind();
  }

  /**
   * The tables and functions.
   *
   * @throws ClosedRoot if PostgREST answers and doesn't show them
   */
  Reply describe(Attempt attempt) {
    HttpRequest.Builder request =
        request("/", attempt).setHeader("Accept", "application/openapi+json");
    HttpResponse<InputStream> response = exchange(request, Effect.READ, attempt);
    if (isSuccess(response)) {
      return reply(response);
    }
    JsonNode said = refusals.read(response);
    ClosedRoot closed = ClosedRoot.of(response.statusCode(), said);
    throw closed != null
        ? closed
        : Refusals.error(response, said, SqlErrors.Source.REST, Effect.READ);
  }

  JsonNode json(Reply reply) {
    return read(reply, JSON::readTree);
  }

  /** The schemas that are served, the default one first; empty if the server doesn't say. */
  List<String> schemas(Attempt attempt) {
    // Of a table, since the root may be closed; PostgREST looks at the schema first.
    HttpRequest.Builder request = in(NO_SCHEMA).request("/" + NO_SCHEMA, attempt);
    HttpResponse<InputStream> response = exchange(request, Effect.READ, attempt);
    if (response.statusCode() == 200) {
      closeQuietly(response.body());
      return List.of();
    }
    JsonNode said = refusals.read(response);
    if (response.statusCode() == 404) {
      return List.of();
    }
    Matcher served =
        SERVED.matcher(said.path("message").asText() + '\n' + said.path("hint").asText());
    if (!said.path("code").asText().equals(RestErrors.NOT_SERVED)) {
      throw Refusals.error(response, said, SqlErrors.Source.REST, Effect.READ);
    }
    return served.find() ? List.of(served.group(1).split(", ")) : List.of();
  }

  /**
   * Asks for rows.
   *
   * @param path of a table or function, with its query, encoded
   * @param counted whether the answer shall say how many rows there are in all
   * @param attempt the deadline
   */
  Reply get(String path, boolean counted, Attempt attempt) {
    HttpRequest.Builder request = request(path, attempt);
    if (counted) {
      request.setHeader("Prefer", "count=exact");
    }
    return send(request, SqlErrors.Source.REST, Effect.READ, attempt);
  }

  /** Calls a function; the answer says how many rows it would have had uncut. */
  Reply call(String function, byte[] arguments, Attempt attempt) {
    return send(
        request("/rpc/" + Query.encode(function), attempt)
            .setHeader("Prefer", "count=exact")
            .setHeader("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(arguments)),
        SqlErrors.Source.REST,
        Effect.READ,
        attempt);
  }

  /** Calls one of our own functions, whose only argument is the body. */
  Reply call(ServerFunction function, Chunks body, Attempt attempt) {
    return send(
        request("/rpc/" + function.sqlName(), attempt)
            .setHeader("Content-Type", "application/json")
            .setHeader("Content-Profile", "public")
            .POST(body.publisher()),
        SqlErrors.Source.FUNCTION,
        function.effect(),
        attempt);
  }

  /** What reads a body. */
  @FunctionalInterface
  interface Reader<T> {
    T read(InputStream body) throws IOException;
  }

  /** Reads the body of a read's answer and closes it. */
  <T> T read(Reply reply, Reader<T> reader) {
    return read(reply, Effect.READ, reader);
  }

  /** Reads a body and closes it; what it throws says where the fault is. */
  <T> T read(Reply reply, Effect effect, Reader<T> reader) {
    try (InputStream body = reply.body()) {
      return reader.read(body);
    } catch (JsonEOFException cut) {
      throw effect.lost(CUT, withoutText(cut));
    } catch (EOFException cut) {
      throw effect.lost(CUT, cut);
    } catch (ZipException notGzip) {
      throw new MalformedResponse(
          "the server's answer isn't the gzip that it says it is; check the gateway in front of"
              + " PostgREST",
          notGzip);
    } catch (JsonProcessingException notJson) {
      throw new MalformedResponse(
          "the server's answer isn't the JSON that PostgREST gives; check the URL",
          withoutText(notJson));
    } catch (IOException broken) {
      throw HttpFaults.of(broken, effect, address);
    }
  }

  private HttpRequest.Builder request(String path, Attempt attempt) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(address + path)).setHeader("Accept", "application/json");
    if (schema != null) {
      request.setHeader("Accept-Profile", schema).setHeader("Content-Profile", schema);
    }
    String text = key.ask(attempt);
    if (text != null && !text.isBlank()) {
      ApiKey apiKey = ApiKey.of(text);
      requireSafe();
      warnOnce(apiKey.kind());
      apiKey.addTo(request);
    } else {
      warnOnce(ApiKey.Kind.NONE);
    }
    return request;
  }

  private void requireSafe() {
    if (!plainTextKey && !RestAddress.isSafeForKeys(address)) {
      throw new InvalidRequest(
          "a key over plain http is readable on the way to "
              + address.getHost()
              + ", so it isn't sent; use https, or allowPlainTextKey() on the builder");
    }
  }

  private void warnOnce(ApiKey.Kind kind) {
    if (keySeen.compareAndSet(false, true) && kind.mayMissRows()) {
      LOG.warn(
          "{} is asked {}: row-level security decides which rows are seen, and rows that it hides"
              + " look as if they weren't there; use the service_role key, or a secret one, to read"
              + " all",
          address,
          kind.said());
    }
  }

  private HttpResponse<InputStream> exchange(
      HttpRequest.Builder request, Effect effect, Attempt attempt) {
    if (effect == Effect.READ) { // what a write answers is short
      request.setHeader("Accept-Encoding", "gzip");
    }
    try {
      return sender.send(request.timeout(attempt.remaining()).build(), attempt);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw effect.lost("interrupted while waiting for the server", interrupted);
    } catch (IOException broken) {
      throw HttpFaults.of(broken, effect, address);
    }
  }

  private Reply send(
      HttpRequest.Builder request, SqlErrors.Source source, Effect effect, Attempt attempt) {
    HttpResponse<InputStream> response = exchange(request, effect, attempt);
    if (!isSuccess(response)) {
      throw Refusals.error(response, refusals.read(response), source, effect);
    }
    return reply(response);
  }

  private static boolean isSuccess(HttpResponse<?> response) {
    return response.statusCode() == 200 || response.statusCode() == 206;
  }

  private static Reply reply(HttpResponse<InputStream> response) {
    String type = response.headers().firstValue("Content-Type").orElse("nothing");
    if (!type.contains("json")) {
      closeQuietly(response.body());
      throw new MalformedResponse(
          "the server answers " + type + " where PostgREST answers JSON; check the URL");
    }
    return new Reply(
        decoded(response), total(response), response.headers().firstValue("Content-Profile"));
  }

  private static InputStream decoded(HttpResponse<InputStream> response) {
    try {
      return GzipBody.of(response);
    } catch (MalformedResponse unknownEncoding) {
      closeQuietly(response.body());
      throw unknownEncoding;
    }
  }

  private static OptionalLong total(HttpResponse<?> response) {
    String range = response.headers().firstValue("Content-Range").orElse("");
    String total = range.substring(range.indexOf('/') + 1);
    return total.matches("[0-9]{1,18}")
        ? OptionalLong.of(Long.parseLong(total))
        : OptionalLong.empty();
  }

  /** Jackson's messages quote what they couldn't read. */
  private static Throwable withoutText(JsonProcessingException fault) {
    fault.clearLocation();
    return new IOException(fault.getClass().getSimpleName());
  }

  private static void closeQuietly(InputStream body) {
    try {
      body.close();
    } catch (IOException unimportant) {
      LOG.debug("an answer that isn't read couldn't be closed", unimportant);
    }
  }
}
