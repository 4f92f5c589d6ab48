package dev.vectorstore.supabase.rest;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Builds the path and query of a request for rows. Not safe for threads. */
final class Query {
  private final StringBuilder url;
  private char separator = '?';

  private Query(String path) {
    url = new StringBuilder(path);
  }

  /** Asks a table. */
  static Query table(String table) {
    return new Query("/" + encode(table));
  }

  Query with(String parameter, String value) {
    url.append(separator).append(parameter).append('=').append(encode(value));
    separator = '&';
    return this;
  }

  static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  @Override
  public String toString() {
    return url.toString();
  }
}
