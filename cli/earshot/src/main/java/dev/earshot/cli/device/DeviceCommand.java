package dev.earshot.cli.device;

import dev.earshot.agent.device.DeviceRunCommand;
import dev.earshot.agent.device.DeviceUndoCommand;
import dev.earshot.cli.rollout.DeviceRevertCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The group of commands about devices. */
@Command(
    name = "device",
    mixinStandardHelpOptions = true,
    description = "Run one device on this machine, list the fleet's devices, or send one back.",
    subcommands = {
      DeviceRunCommand.class,
      DeviceUndoCommand.class,
      DeviceListCommand.class,
      DeviceRevertCommand.class
    })
public final class DeviceCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Say what to do: one of the commands below.");
  }
}
