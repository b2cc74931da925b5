package dev.earshot.agent.device;

import picocli.CommandLine;

/** {@code earshot device run} as a process, for tests. */
final class AgentProgram {
  private AgentProgram() {}

  public static void main(String[] args) {
    System.exit(new CommandLine(new DeviceRunCommand()).execute(args));
  }
}
