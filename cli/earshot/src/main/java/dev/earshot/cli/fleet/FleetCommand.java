package dev.earshot.cli.fleet;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The group of commands about a whole fleet. */
@Command(
    name = "fleet",
    mixinStandardHelpOptions = true,
    description = "What the whole fleet knows.",
    subcommands = {FleetTuneCommand.class})
public final class FleetCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Say what to do: one of the commands below.");
  }
}
