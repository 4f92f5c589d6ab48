package dev.vectorstore.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/** A command that this version doesn't have yet. */
@Command(description = "Not in this version.", hidden = true)
@SuppressWarnings("UnusedVariable") // picocli puts there what nobody asks for
final class UnbuiltCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Unmatched private List<String> unmatched = new ArrayList<>();

  @Parameters(hidden = true)
  private List<String> parameters = new ArrayList<>();

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "the command " + spec.name() + " is not in this version");
  }
}
