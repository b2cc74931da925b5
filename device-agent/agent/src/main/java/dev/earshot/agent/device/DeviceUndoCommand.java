package dev.earshot.agent.device;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code earshot device undo}. */
@Command(
    name = "undo",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "At the device: bring the model before back, without a server.",
      "Ends a trial, cancels an update that is under way, or else changes over to the other slot.",
      "A running agent does it within seconds, another at its next start; the server is told",
      "that it was done by hand."
    })
public final class DeviceUndoCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--state",
      required = true,
      paramLabel = "DIR",
      description = "Its flash, as given to `earshot device run`.")
  private Path state = Path.of("");

  @Option(
      names = "--reason",
      required = true,
      paramLabel = "TEXT",
      description = "For the report, at most 200 characters.")
  private String reason = "";

  @Override
  public Integer call() {
    try {
      if (!Files.isDirectory(state)) {
        return fail(ExitCode.NOT_PROVISIONED, state + ": no device lives here");
      }
      HandRevert.ask(state, reason);
      return ExitCode.ENDED;
    } catch (IllegalArgumentException e) {
      return fail(ExitCode.USAGE, "--" + e.getMessage());
    } catch (IOException e) {
      return fail(ExitCode.STATE_UNUSABLE, state + ": can't be written: " + e.getMessage());
    }
  }

  private int fail(int exitCode, String message) {
    CommandSpec given = spec;
    if (given == null) {
      throw new IllegalStateException("picocli gives every command its spec");
    }
    PrintWriter err = given.commandLine().getErr();
    err.println("earshot device undo: " + message);
    err.flush();
    return exitCode;
  }
}
