package dev.earshot.cli.model;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Deprecates a release. */
@Command(
    name = "deprecate",
    mixinStandardHelpOptions = true,
    description =
        "Deprecate a release: it keeps running where it runs, new rollouts should not begin.")
public final class ModelDeprecateCommand implements Callable<Integer> {
  @Mixin private Decision decision = new Decision();

  @Override
  public Integer call() {
    return decision.make("deprecated");
  }
}
