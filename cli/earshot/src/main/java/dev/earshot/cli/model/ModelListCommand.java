package dev.earshot.cli.model;

import dev.earshot.cli.Connection;
import dev.earshot.registry.client.RegistryClient;
import dev.earshot.registry.release.ReleaseView;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Lists the registry's releases. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description = "List the registry's releases, newest first.")
public final class ModelListCommand implements Callable<Integer> {
  private static final String FORMAT = "%-20s %7s  %-10s %-16s %-14s %s%n";

  @Mixin private Connection connection = new Connection();

  @Override
  public Integer call() {
    try (RegistryClient registry = new RegistryClient(connection.registry(), "")) {
      System.out.printf(FORMAT, "RELEASE", "COUNTER", "STATUS", "CHIPS", "DIGEST", "DESCRIPTION");
      for (ReleaseView release : registry.list()) {
        System.out.printf(
            FORMAT,
            release.release(),
            release.counter(),
            release.status(),
            String.join(",", release.chips()),
            release.manifestDigest().replace("sha256:", "").substring(0, 12),
            release.description());
      }
    }
    return 0;
  }
}
