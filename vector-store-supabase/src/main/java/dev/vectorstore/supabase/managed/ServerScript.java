package dev.vectorstore.supabase.managed;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The SQL script that users run, joined from its parts: one for each thing that the server does, in
 * the order in which they need each other.
 */
public final class ServerScript {
  /** Where the parts are, beside the classes of the package above this one. */
  static final String FOLDER = "/dev/vectorstore/supabase/sql/";

  static final List<String> PARTS =
      List.of(
          "00-begin",
          "10-catalog",
          "11-upgrade-3-4",
          "20-errors",
          "30-ids",
          "31-terms",
          "32-values",
          "33-numbers",
          "34-columns",
          "35-collection",
          "36-kept-terms",
          "37-described",
          "40-vectors",
          "50-filters",
          "60-managed",
          "70-adoption",
          "80-reading",
          "81-searching",
          "82-ranking",
          "90-writing",
          "91-writing-adopted",
          "92-making-terms",
          "95-calls",
          "99-grants");

  private ServerScript() {}

  /** The script, of the version that this client needs. */
  public static String text() {
    StringBuilder script = new StringBuilder();
    for (String part : PARTS) {
      script.append(read(part)).append('\n');
    }
    return script.toString().replace("@version@", Integer.toString(ManagedStore.VERSION));
  }

  static String read(String part) {
    String name = FOLDER + part + ".sql";
    try (InputStream in = ServerScript.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the jar lacks " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }
}
