package dev.vectorstore.cli;

import dev.vectorstore.CallOptions;
import dev.vectorstore.RetryPolicy;
import dev.vectorstore.StoreOptions;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException;
import dev.vectorstore.VectorStores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** Opens the stores that a command names. Stateless. */
final class Stores {
  private static final String UNBUILT = "embedded";

  private Stores() {}

  /** Opens a store; what is wrong with its URL or key file is an error of usage. */
  static VectorStore open(CommandSpec command, String url, @Nullable Path keyFile) {
    return open(command, url, keyFile, CallOptions.defaults());
  }

  /**
   * Opens a store for work of hours, which shouldn't end with a server's restart: reads are tried
   * again after as long a time as writes are.
   */
  static VectorStore openPatiently(CommandSpec command, String url, @Nullable Path keyFile) {
    CallOptions calls = CallOptions.defaults();
    RetryPolicy retry = calls.retry();
    return open(
        command,
        url,
        keyFile,
        calls.toBuilder()
            .retry(retry.toBuilder().readDelays(retry.writeDelay(), retry.writeMaxDelay()).build())
            .build());
  }

  private static VectorStore open(
      CommandSpec command, String url, @Nullable Path keyFile, CallOptions calls) {
    int colon = url.indexOf(':');
    String scheme = colon < 0 ? "" : url.substring(0, colon).toLowerCase(Locale.ROOT);
    if (scheme.equals(UNBUILT)) {
      throw usage(
          command,
          "embedded stores in a folder are not in this version; use memory: or"
              + " qdrant:http://HOST:6334");
    }
    StoreOptions options = StoreOptions.fromEnvironment().toBuilder().callOptions(calls).build();
    if (keyFile != null) {
      String key = key(command, keyFile);
      options = options.toBuilder().key(() -> key).build();
    }
    try {
      return VectorStores.open(url, options);
    } catch (VectorStoreException.InvalidRequest e) {
      throw usage(command, e.getMessage());
    }
  }

  private static String key(CommandSpec command, Path file) {
    try {
      String key = Files.readString(file).strip();
      if (key.isEmpty()) {
        throw usage(command, "the key file " + file + " is empty");
      }
      return key;
    } catch (IOException e) {
      throw usage(command, "the key file " + file + " can't be read");
    }
  }

  static CommandLine.ParameterException usage(CommandSpec command, String message) {
    return new CommandLine.ParameterException(command.commandLine(), message);
  }
}
