package dev.vectorstore.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code vector-store} without a command. */
@Command(
    name = "vector-store",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = "Moves vector stores, proves that search still answers the same, and searches.",
    footer = {
      "",
      "Stores: qdrant:http://HOST:6334, postgrest:http://HOST:3000,",
      "supabase:https://PROJECT.supabase.co, postgresql://USER@HOST:5432/DATABASE, memory:",
      "Keys come from QDRANT_API_KEY, SUPABASE_KEY or a key file, never from a URL.",
      "Exit codes: 0 done, 1 failed, 2 usage, 3 done with rejects or parity below the bar."
    })
final class RootCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "name a command: " + String.join(", ", spec.subcommands().keySet()));
  }
}
