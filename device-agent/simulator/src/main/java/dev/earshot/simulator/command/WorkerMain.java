package dev.earshot.simulator.command;

import picocli.CommandLine;

/** One of the processes of {@code earshot simulate}; started by its parent only. */
public final class WorkerMain {
  private WorkerMain() {}

  public static void main(String[] args) {
    System.exit(new CommandLine(new SimulateCommand()).execute(args));
  }
}
