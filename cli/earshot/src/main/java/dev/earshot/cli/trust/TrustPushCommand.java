package dev.earshot.cli.trust;

import dev.earshot.cli.Connection;
import dev.earshot.cli.UserError;
import dev.earshot.protocol.problem.ProblemException;
import dev.earshot.protocol.trust.MetadataFile;
import dev.earshot.registry.client.RegistryClient;
import dev.earshot.registry.ledger.Side;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Hands over what was signed. */
@Command(
    name = "push",
    mixinStandardHelpOptions = true,
    description = {
      "Send roots, targets and roles of a folder that the registry does not have yet.",
      "",
      "In the order in which the registry takes them, so that devices can follow after each of them.",
      "The same again changes nothing."
    })
public final class TrustPushCommand implements Callable<Integer> {
  private static final int CONFLICT = 409;
  private static final int UNPROCESSABLE = 422;

  @Parameters(index = "0", paramLabel = "DIR", description = "The folder of `earshot trust init`.")
  private Path folder = Path.of("");

  @Option(
      names = "--breaking",
      description = {
        "When keys are lost: send roots first, though devices refuse everything until the targets",
        "follow."
      })
  private boolean breaking;

  @Mixin private Connection connection = new Connection();

  /** A file that the registry does not have. */
  @SuppressWarnings("ArrayRecordComponent") // on its way to the registry
  private record Pending(Side side, MetadataFile file, byte[] bytes) {}

  @Override
  public Integer call() {
    TrustDir dir = new TrustDir(folder);
    try (RegistryClient registry = new RegistryClient(connection.registry(), connection.token())) {
      List<Pending> pending = new ArrayList<>();
      for (Side side : Side.values()) {
        for (MetadataFile file : dir.files(side)) {
          if (!file.isOnline()) {
            pending.add(new Pending(side, file, dir.bytes(side, file).orElseThrow()));
          }
        }
      }
      pending.removeIf(each -> isThere(registry, each));
      if (pending.isEmpty()) {
        System.out.println("the registry has all of it");
      }
      sendAll(registry, pending);
    }
    return 0;
  }

  private static boolean isThere(RegistryClient registry, Pending file) {
    return registry
        .metadata(file.side().word(), file.file().name())
        .map(
            there -> {
              if (!Arrays.equals(there, file.bytes())) {
                throw new UserError(
                    "the registry has another %s of the %s side. Fix: is this folder of this system?"
                        .formatted(file.file(), file.side().word()));
              }
              return true;
            })
        .orElse(false);
  }

  /** Each round sends what is taken by now; what is refused may be taken after another. */
  private void sendAll(RegistryClient registry, List<Pending> pending) {
    while (!pending.isEmpty()) {
      List<ProblemException> refusals = new ArrayList<>();
      boolean any = pending.removeIf(each -> sent(registry, each, refusals));
      if (!any) {
        throw refusals.getFirst();
      }
    }
  }

  private boolean sent(RegistryClient registry, Pending file, List<ProblemException> refusals) {
    try {
      var _ =
          registry.putMetadata(
              file.side().word(),
              file.file().name(),
              file.bytes(),
              breaking && file.file().isRoot());
      System.out.println("sent " + file.side().word() + " " + file.file());
      return true;
    } catch (ProblemException e) {
      int status = e.problem().status();
      if (status != CONFLICT && status != UNPROCESSABLE) {
        throw e;
      }
      refusals.add(e);
      return false;
    }
  }
}
