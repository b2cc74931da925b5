package dev.earshot.cli.model;

import dev.earshot.cli.Connection;
import dev.earshot.protocol.release.ReleaseRef;
import dev.earshot.registry.client.RegistryClient;
import dev.earshot.registry.release.ReleaseView;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What commands that decide about a release have in common. */
final class Decision {
  @Parameters(index = "0", paramLabel = "NAME:VERSION|NAME@ALIAS", description = "The release.")
  private String release = "";

  @Option(
      names = "--reason",
      required = true,
      paramLabel = "TEXT",
      description = "Why, in one line of at most 200 characters; it stays on record.")
  private String reason = "";

  @Option(
      names = "--actor",
      paramLabel = "NAME",
      defaultValue = "${sys:user.name}",
      description = "Who decides, for the record (default: ${DEFAULT-VALUE}).")
  private String actor = "";

  @Mixin private Connection connection = new Connection();

  Connection connection() {
    return connection;
  }

  ReleaseRef resolve(RegistryClient registry) {
    return registry.resolve(release);
  }

  /** Decides and says so. */
  int make(String status) {
    try (RegistryClient registry = new RegistryClient(connection.registry(), connection.token())) {
      say(registry.status(resolve(registry), status, reason, actor));
    }
    return 0;
  }

  /** Decides about that release and says so. */
  void make(RegistryClient registry, ReleaseRef ref, String status) {
    say(registry.status(ref, status, reason, actor));
  }

  private static void say(ReleaseView now) {
    ReleaseView.Decision change = now.statusChange();
    System.out.printf(
        "%s is %s%s%n",
        now.release(),
        now.status(),
        change == null
            ? ""
            : ": " + change.reason() + " (" + change.by() + ", " + change.at() + ")");
  }
}
