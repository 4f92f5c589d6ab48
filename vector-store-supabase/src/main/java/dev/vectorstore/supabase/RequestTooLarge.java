package dev.vectorstore.supabase;

import java.io.IOException;

/** The cause of a refusal that a smaller request doesn't meet. */
final class RequestTooLarge extends IOException {
  private static final long serialVersionUID = 1L;

  RequestTooLarge() {
    super("the request is too large for the server");
  }
}
