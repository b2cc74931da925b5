package dev.earshot.cli.model;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Approves a release. */
@Command(
    name = "approve",
    mixinStandardHelpOptions = true,
    description = "Approve a candidate, or take a deprecation back.")
public final class ModelApproveCommand implements Callable<Integer> {
  @Mixin private Decision decision = new Decision();

  @Override
  public Integer call() {
    return decision.make("approved");
  }
}
