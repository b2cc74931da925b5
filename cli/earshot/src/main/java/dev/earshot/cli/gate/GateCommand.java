package dev.earshot.cli.gate;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The group of commands about gates. */
@Command(
    name = "gate",
    mixinStandardHelpOptions = true,
    description = "Recompute gate decisions.",
    subcommands = GateEvaluateCommand.class)
public final class GateCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Say what to do: one of the commands below.");
  }
}
