package dev.vectorstore.supabase.managed;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import dev.vectorstore.VectorStoreException;
import dev.vectorstore.supabase.tables.RequestTooLarge;
import dev.vectorstore.support.Attempt;
import java.io.IOException;
import java.util.OptionalInt;

/**
 * The way to the server-side functions of our SQL script: the seam between the managed engine and a
 * transport. Implementations are safe for threads.
 */
public interface Functions {
  /** What writes the one JSON value that a function takes. */
  @FunctionalInterface
  interface Request {
    void write(JsonGenerator out) throws IOException;
  }

  /** What reads the one JSON value that a function returns. */
  @FunctionalInterface
  interface Answer<T> {
    /**
     * Reads the value.
     *
     * @param in stands at the value's first token; to be left at its last one
     */
    T read(JsonParser in) throws IOException;
  }

  /**
   * Calls a function: one attempt in one transaction, committed when this returns.
   *
   * @param function which
   * @param request writes its argument; called once, before anything is sent
   * @param answer reads what it returns; of a write, the transaction is committed by then
   * @param attempt the deadline of all of this
   * @throws VectorStoreException what {@link SqlErrors} makes of an error of Postgres, and by
   *     {@link ServerFunction#effect()} {@code Unavailable} or {@code OutcomeUnknown} where the
   *     answer didn't come; an {@code InvalidRequest} caused by {@link RequestTooLarge} where the
   *     transport refuses the request's size
   */
  <T> T call(ServerFunction function, Request request, Answer<T> answer, Attempt attempt);

  /**
   * The version of our SQL script on the server.
   *
   * @param attempt the deadline
   * @return the version, or empty if it was never installed
   */
  OptionalInt version(Attempt attempt);
}
