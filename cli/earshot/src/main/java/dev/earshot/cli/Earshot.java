package dev.earshot.cli;

import dev.earshot.cli.bench.BenchCommand;
import dev.earshot.cli.device.DeviceCommand;
import dev.earshot.cli.fleet.FleetCommand;
import dev.earshot.cli.gate.GateCommand;
import dev.earshot.cli.model.ModelCommand;
import dev.earshot.cli.rollout.RolloutCommand;
import dev.earshot.cli.simulate.ScenarioServices;
import dev.earshot.cli.trust.TrustCommand;
import dev.earshot.cli.up.UpCommand;
import dev.earshot.protocol.problem.ProblemException;
import dev.earshot.simulator.command.SimulateCommand;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The {@code earshot} command. Exit codes: 0 done, 1 refused or failed (one line says why), 2 wrong
 * usage; a command's help names any other.
 */
@Command(
    name = "earshot",
    version = "earshot 0.1.0",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "Fleet telemetry and over-the-air model management for always-on voice devices.",
      "",
      "`earshot up` starts everything on this machine and shows a staged rollout."
    },
    subcommands = {
      UpCommand.class,
      ModelCommand.class,
      RolloutCommand.class,
      DeviceCommand.class,
      FleetCommand.class,
      SimulateCommand.class,
      TrustCommand.class,
      GateCommand.class,
      BenchCommand.class
    },
    footer = {
      "",
      "The launcher adds two of its own: `earshot test` runs all tests, `earshot model train`",
      "trains a release from its recipe.",
      "",
      "Environment: EARSHOT_REGISTRY_URL, EARSHOT_ROLLOUT_URL, EARSHOT_MONITORING_URL and",
      "EARSHOT_TOKEN say where the services are when no `earshot up` runs on this machine."
    })
public final class Earshot implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  /** The whole command, ready to execute. */
  public static CommandLine commandLine() {
    return new CommandLine(new Earshot(), new Commands())
        .setUsageHelpWidth(100)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(Earshot::explain);
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Say what to do: one of the commands below.");
  }

  /** Makes commands; those of other modules are given what only this one has. */
  private static final class Commands implements IFactory {
    private final IFactory usual = CommandLine.defaultFactory();

    @Override
    public <K> K create(Class<K> type) throws Exception {
      return type == SimulateCommand.class
          ? type.cast(new SimulateCommand(new ScenarioServices()))
          : usual.create(type);
    }
  }

  private static int explain(
      Exception failure, CommandLine command, CommandLine.ParseResult parsed) {
    PrintWriter err = command.getErr();
    switch (failure) {
      case UserError error -> err.println("earshot: " + error.getMessage());
      case ProblemException problem -> err.println("earshot: " + problem.getMessage());
      case IllegalArgumentException invalid -> err.println("earshot: " + invalid.getMessage());
      case UncheckedIOException io -> err.println("earshot: " + io.getCause());
      default -> {
        err.println("earshot: this is a bug or a broken installation: " + failure);
        failure.printStackTrace(err);
      }
    }
    err.flush();
    return 1;
  }
}
