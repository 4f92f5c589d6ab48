package dev.vectorstore.testservers;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A request that a {@link ScriptedHttpServer} got.
 *
 * @param method such as {@code POST}
 * @param target path and query, as they were sent
 * @param headers the headers by lower-case name
 * @param body the body, read as UTF-8
 */
public record HttpRequestSeen(
    String method, String target, Map<String, List<String>> headers, String body) {
  /** The first value of a header, whatever the case of its name. */
  public Optional<String> header(String name) {
    return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of()).stream().findFirst();
  }
}
