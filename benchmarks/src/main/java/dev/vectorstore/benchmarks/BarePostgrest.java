package dev.vectorstore.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.vectorstore.Embedding;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** The search function of our SQL, called over PostgREST with the JDK's client and Jackson. */
final class BarePostgrest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient client = HttpClient.newHttpClient();
  private final String address;
  private final String key;
  private final String collection;
  private final String token;

  BarePostgrest(String address, String key, String collection) {
    this.address = address;
    this.key = key;
    this.collection = collection;
    ObjectNode named = JSON.createObjectNode().put("collection", collection);
    token = post("vector_store_describe", named).path("token").asText();
  }

  /**
   * The nearest records with their payloads.
   *
   * @param query the query's vector
   * @param limit how many
   * @return the rows of the answer
   */
  JsonNode search(Embedding query, int limit) {
    ObjectNode request = JSON.createObjectNode().put("collection", collection).put("token", token);
    request
        .putArray("queries")
        .addObject()
        .put("vector", text(query.normalized()))
        .put("limit", limit)
        .put("exact", false)
        .put("vectors", false);
    return post("vector_store_search", request).path(0);
  }

  private static String text(Embedding vector) {
    StringBuilder text = new StringBuilder("[");
    for (int i = 0; i < vector.dimension(); i++) {
      text.append(i == 0 ? "" : ",").append(vector.at(i));
    }
    return text.append(']').toString();
  }

  private JsonNode post(String function, JsonNode argument) {
    try {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(address + "/rpc/" + function))
              .header("Content-Type", "application/json")
              .header("Authorization", "Bearer " + key)
              .POST(HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(argument)))
              .build();
      HttpResponse<byte[]> answer = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
      if (answer.statusCode() != 200) {
        throw new IllegalStateException(function + " answers " + answer.statusCode());
      }
      return JSON.readTree(answer.body());
    } catch (IOException failed) {
      throw new IllegalStateException("a request failed, so nothing was measured", failed);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", stopped);
    }
  }
}
