package dev.earshot.cli.model;

import dev.earshot.cli.Connection;
import dev.earshot.cli.UserError;
import dev.earshot.registry.client.RegistryClient;
import dev.earshot.registry.release.AliasView;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows, sets and removes aliases. */
@Command(
    name = "alias",
    mixinStandardHelpOptions = true,
    description = {
      "Let NAME@ALIAS stand for a version, such as hey-nova@production; without a version, show what",
      "aliases stand for. Wherever a release is asked for, NAME@ALIAS may be said."
    })
public final class ModelAliasCommand implements Callable<Integer> {
  @Parameters(
      index = "0",
      paramLabel = "NAME@ALIAS|NAME",
      description = "The alias, or a name to see all of its aliases.")
  private String what = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "VERSION",
      description = "What it stands for from now on.")
  private @Nullable String version;

  @Option(names = "--remove", description = "Take the alias away; the release stays.")
  private boolean remove;

  @Option(
      names = "--actor",
      paramLabel = "NAME",
      defaultValue = "${sys:user.name}",
      description = "Who decides, for the record (default: ${DEFAULT-VALUE}).")
  private String actor = "";

  @Mixin private Connection connection = new Connection();

  @Override
  public Integer call() {
    int at = what.indexOf('@');
    String name = at < 0 ? what : what.substring(0, at);
    String alias = at < 0 ? "" : what.substring(at + 1);
    boolean writes = remove || version != null;
    if (alias.isEmpty() && writes) {
      throw new UserError("'" + what + "' (expected: NAME@ALIAS, such as hey-nova@production)");
    }
    if (remove && version != null) {
      throw new UserError("--remove takes no version");
    }
    try (RegistryClient registry =
        new RegistryClient(connection.registry(), writes ? connection.token() : "")) {
      if (remove) {
        registry.removeAlias(name, alias);
        System.out.println(what + " is gone");
      } else if (version != null) {
        print(registry.setAlias(name, alias, version, actor));
      } else {
        registry.aliases(name).stream()
            .filter(one -> alias.isEmpty() || one.alias().equals(alias))
            .forEach(ModelAliasCommand::print);
      }
    }
    return 0;
  }

  private static void print(AliasView alias) {
    System.out.printf(
        "%s@%s  %s  (%s, %s)%n",
        alias.name(), alias.alias(), alias.version(), alias.changedBy(), alias.changedAt());
  }
}
