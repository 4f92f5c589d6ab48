package dev.vectorstore.supabase.rest;

import java.net.http.HttpClient;
import org.jspecify.annotations.Nullable;

/** A client of the JDK's, and whether it answers requests. Safe for threads. */
interface LiveClient extends AutoCloseable {
  HttpClient http();

  /** Whether none of its threads has failed, as far as can be seen. */
  boolean works();

  /** With what one of its threads failed, or null if that isn't known. */
  @Nullable Error failure();

  @Override
  void close();

  /** A client of the caller's, whose threads aren't seen, and which stays open. */
  record Given(HttpClient http) implements LiveClient {
    @Override
    public boolean works() {
      return true;
    }

    @Override
    public @Nullable Error failure() {
      return null;
    }

    @Override
    public void close() {
      // its owner does
    }
  }
}
