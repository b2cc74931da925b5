package dev.earshot.cli.trust;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The keepers of the offline keys' commands. */
@Command(
    name = "trust",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "Make, use and replace the keys that decide what devices run (TUF 1.0, Uptane).",
      "",
      "What the theft of each key allows, and what it does not:",
      "  root           (offline) name other keys for every role. Keep several, apart, and ask for",
      "                 most of them. Too few of them stolen: nothing.",
      "  targets        (offline) name other publishers. Nothing runs without the director's order.",
      "  publisher      (publisher's machine) list bad releases. Nothing runs without an order.",
      "  online         (registry) pretend for a while that nothing is new. No release.",
      "  director-root  (offline) name another director. No release without its publisher.",
      "  director       (rollout service) order any LISTED release, also an old one that is still",
      "                 listed. No release that its publisher did not list.",
      "To run software of their own thieves need a publisher's keys and the director's at once."
    },
    subcommands = {
      TrustInitCommand.class,
      TrustKeyCommand.class,
      TrustSignCommand.class,
      TrustDelegateCommand.class,
      TrustRotateCommand.class,
      TrustVerifyCommand.class,
      TrustShowCommand.class,
      TrustPushCommand.class
    })
public final class TrustCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Say what to do: one of the commands below.");
  }
}
