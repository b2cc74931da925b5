package dev.earshot.cli.rollout;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The group of commands about rollouts. */
@Command(
    name = "rollout",
    mixinStandardHelpOptions = true,
    description = "Bring a release to a cohort in stages, watched by gates.",
    subcommands = {
      RolloutPlanCommand.class,
      RolloutStartCommand.class,
      RolloutActionCommand.Approve.class,
      RolloutWatchCommand.class,
      RolloutStatusCommand.class,
      RolloutExplainCommand.class,
      RolloutListCommand.class,
      RolloutActionCommand.Pause.class,
      RolloutActionCommand.Resume.class,
      RolloutActionCommand.Promote.class,
      RolloutActionCommand.Abort.class
    })
public final class RolloutCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Say what to do: one of the commands below.");
  }
}
