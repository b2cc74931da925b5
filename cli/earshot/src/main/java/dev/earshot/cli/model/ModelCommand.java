package dev.earshot.cli.model;

import dev.earshot.cli.model.inspect.ModelInspectCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The group of commands about models and releases. */
@Command(
    name = "model",
    mixinStandardHelpOptions = true,
    description = "Publish releases of models, look at them, and decide about them.",
    subcommands = {
      ModelPushCommand.class,
      ModelListCommand.class,
      ModelShowCommand.class,
      ModelDiffCommand.class,
      ModelPullCommand.class,
      ModelSubmitCommand.class,
      ModelApproveCommand.class,
      ModelDeprecateCommand.class,
      ModelRevokeCommand.class,
      ModelAliasCommand.class,
      ModelInspectCommand.class,
      ModelInferCommand.class
    },
    footer = {
      "",
      "`earshot model train --recipe FILE` trains a release; the launcher runs it with the",
      "training library, which it fetches at the first use. With --scenes DIR it renders audio for",
      "simulated devices instead."
    })
public final class ModelCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Say what to do: one of the commands below.");
  }
}
