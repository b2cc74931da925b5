package dev.earshot.cli.model;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Makes a draft a candidate. */
@Command(
    name = "submit",
    mixinStandardHelpOptions = true,
    description = "Offer a draft to others: it becomes a candidate.")
public final class ModelSubmitCommand implements Callable<Integer> {
  @Mixin private Decision decision = new Decision();

  @Override
  public Integer call() {
    return decision.make("candidate");
  }
}
