package dev.earshot.cli.bench;

import dev.earshot.cli.bench.engine.BenchEngineCommand;
import dev.earshot.cli.bench.gateway.BenchGatewayCommand;
import dev.earshot.cli.bench.mlperf.BenchMlperfTinyCommand;
import dev.earshot.cli.loss.BenchLossCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The group of commands that measure. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = {
      "Repeat the project's measurements on this machine.",
      "",
      "`earshot bench kernels` measures single layers by JMH, whose options it takes (-h lists them);",
      "the launcher builds and runs it."
    },
    subcommands = {
      BenchGatesCommand.class,
      BenchRolloutCommand.class,
      BenchMonitoringCommand.class,
      BenchFleetCommand.class,
      BenchAgentCommand.class,
      BenchEngineCommand.class,
      BenchGatewayCommand.class,
      BenchLossCommand.class,
      BenchMlperfTinyCommand.class
    })
public final class BenchCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Say what to do: one of the commands below.");
  }
}
