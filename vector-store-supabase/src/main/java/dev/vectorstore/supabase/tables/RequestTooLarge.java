package dev.vectorstore.supabase.tables;

import java.io.IOException;

/**
 * Marks a refusal as one for the request's size: a smaller request may be taken. It is the
 * refusal's cause.
 */
public final class RequestTooLarge extends IOException {
  private static final long serialVersionUID = 1L;

  public RequestTooLarge() {
    super("the request is too large for the server");
  }
}
