package dev.vectorstore.cli;

import dev.vectorstore.supabase.Supabase;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What only Supabase has. */
@Command(
    name = "supabase",
    mixinStandardHelpOptions = true,
    description = "Prepares a Supabase project, or any Postgres with pgvector.")
final class SupabaseCommand implements Runnable {
  private final Program program;
  @Spec private CommandSpec spec = CommandSpec.create();

  SupabaseCommand(Program program) {
    this.program = program;
  }

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "name a command: " + String.join(", ", spec.subcommands().keySet()));
  }

  /** Prints the server side. */
  @Command(
      name = "sql",
      mixinStandardHelpOptions = true,
      description = {
        "Prints the SQL that installs or upgrades the server side:",
        "vector-store supabase sql | psql -v ON_ERROR_STOP=1 \"$$DATABASE_URL\"",
        "or paste it into the SQL editor of Supabase. Running it twice changes nothing."
      })
  int sql() {
    program.out().print(Supabase.sql());
    program.out().flush();
    return Program.DONE;
  }
}
