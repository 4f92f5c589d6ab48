package dev.vectorstore.supabase;

import java.io.IOException;

/**
 * Marks a refusal as one for the request's size: a smaller request may be taken. It is the
 * refusal's cause.
 */
final class RequestTooLarge extends IOException {
  private static final long serialVersionUID = 1L;

  RequestTooLarge() {
    super("the request is too large for the server");
  }
}
