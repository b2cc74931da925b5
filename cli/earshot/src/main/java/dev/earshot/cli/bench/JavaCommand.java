package dev.earshot.cli.bench;

import dev.earshot.ndp.Execution;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How a class of this program is run by a JVM of its own, on this JVM's class path. */
public final class JavaCommand {
  private JavaCommand() {}

  /**
   * The words of it.
   *
   * @param options for the JVM
   */
  public static List<String> of(List<String> options, String mainClass, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("--sun-misc-unsafe-memory-access=allow");
    if (Execution.VECTOR.isPossible()) {
      // Models run there as they would here.
      command.add("--add-modules=jdk.incubator.vector");
    }
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(mainClass);
    command.addAll(arguments);
    return command;
  }
}
