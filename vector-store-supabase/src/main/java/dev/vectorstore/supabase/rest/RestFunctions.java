package dev.vectorstore.supabase.rest;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.vectorstore.VectorStoreException.MalformedResponse;
import dev.vectorstore.VectorStoreException.UnsupportedFeature;
import dev.vectorstore.supabase.managed.Functions;
import dev.vectorstore.supabase.managed.ServerFunction;
import dev.vectorstore.support.Attempt;
import dev.vectorstore.support.PayloadJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.OptionalInt;

/** Our functions over PostgREST. Safe for threads. */
public final class RestFunctions implements Functions {
  private final RestClient client;

  public RestFunctions(RestClient client) {
    this.client = client;
  }

  @Override
  public <T> T call(ServerFunction function, Request request, Answer<T> answer, Attempt attempt) {
    return read(function, client.call(function, body(request), attempt), answer);
  }

  @Override
  public OptionalInt version(Attempt attempt) {
    Chunks nothing = body(out -> out.writeStartObject());
    Reply reply;
    try {
      reply = client.call(ServerFunction.VERSION, nothing, attempt);
    } catch (UnsupportedFeature noFunction) {
      return OptionalInt.empty();
    }
    return OptionalInt.of(read(ServerFunction.VERSION, reply, JsonParser::getIntValue));
  }

  private <T> T read(ServerFunction function, Reply reply, Answer<T> answer) {
    return client.read(
        reply,
        function.effect(),
        body -> {
          try (JsonParser in = PayloadJson.rows().createParser(body)) {
            if (in.nextToken() == null) {
              throw new MalformedResponse("the function's answer is empty");
            }
            T value = answer.read(in);
            // To the end of the body, so that the connection serves again.
            JsonToken behind = in.nextToken();
            if (behind != null) {
              throw new MalformedResponse("the function answers more than one value");
            }
            return value;
          }
        });
  }

  private static Chunks body(Request request) {
    Chunks chunks = new Chunks();
    try (JsonGenerator out = PayloadJson.factory().createGenerator(chunks)) {
      request.write(out);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return chunks;
  }
}
