package dev.earshot.trainer;

import picocli.CommandLine;

/** The trainer as a program of its own. */
public final class TrainMain {
  private TrainMain() {}

  public static void main(String[] args) {
    // The engine's native threads are not daemons: end explicitly.
    System.exit(new CommandLine(new TrainCommand()).execute(args));
  }
}
