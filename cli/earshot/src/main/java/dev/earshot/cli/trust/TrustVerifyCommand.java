package dev.earshot.cli.trust;

import dev.earshot.cli.Connection;
import dev.earshot.cli.UserError;
import dev.earshot.protocol.trust.MetadataFile;
import dev.earshot.protocol.trust.Root;
import dev.earshot.protocol.trust.TrustAnchors;
import dev.earshot.protocol.trust.TrustException;
import dev.earshot.protocol.trust.TrustedDirector;
import dev.earshot.protocol.trust.TrustedImage;
import dev.earshot.registry.client.ImageWalk;
import dev.earshot.registry.client.RegistryClient;
import dev.earshot.registry.ledger.Side;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Walks the whole chain. */
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    description = {
      "Walk the chain as a device does, and say of each document who signed it, when it expires, and",
      "what is wrong. Exit code 1 when anything is.",
      "",
      "A folder has no snapshot and timestamp: those are signed by the registry (verify its URL)."
    })
public final class TrustVerifyCommand implements Callable<Integer> {
  @Parameters(
      index = "0",
      paramLabel = "DIR|URL",
      description = "The folder of `earshot trust init`, or a registry.")
  private String what = "";

  @Option(
      names = "--trust",
      paramLabel = "DIR",
      description = "For a registry: the pinned roots (default: trust/ of the `earshot up`).")
  private @Nullable Path trust;

  @Option(
      names = "--at",
      paramLabel = "INSTANT",
      description = "What time it is taken to be (default: now).")
  private Instant at = Instant.now();

  @Option(
      names = "--soon",
      paramLabel = "DAYS",
      defaultValue = "30",
      description = "What expires within so many days is marked SOON (default: 30).")
  private int soonDays = 30;

  @Override
  public Integer call() {
    int problems =
        what.startsWith("http://") || what.startsWith("https://")
            ? registry(URI.create(what))
            : folder(new TrustDir(Path.of(what)));
    System.out.println(problems == 0 ? "all of it holds" : problems + " things are wrong");
    return problems == 0 ? 0 : 1;
  }

  private int folder(TrustDir dir) {
    PrintStream out = System.out;
    int problems = 0;
    for (Side side : Side.values()) {
      out.println(side.word() + " side, " + dir.folder());
      ChainReport report =
          report(side, name -> MetadataFile.find(name).flatMap(file -> dir.bytes(side, file)));
      Optional<Root> root =
          dir.bytes(side, new MetadataFile("root", 1)).flatMap(pinned -> report.roots(1, pinned));
      if (root.isEmpty()) {
        report.wrong("there is no chain from a first root");
      } else if (side == Side.IMAGE) {
        report.targets(root.get(), dir.targets());
      }
      problems += report.problems();
    }
    return problems;
  }

  private int registry(URI url) {
    Path pinned = trust != null ? trust : LocalTrustFolder.in(Connection.defaultData()).path();
    try (RegistryClient client = new RegistryClient(url, "")) {
      TrustAnchors anchors = TrustAnchors.read(pinned);
      return image(client, anchors.image()) + director(client, anchors.director());
    } catch (IOException e) {
      throw new UserError(e.getMessage() + ". Fix: name the folder with --trust DIR.", e);
    }
  }

  private int image(RegistryClient client, TrustedImage pinned) {
    System.out.println("image side, " + what);
    Function<String, Optional<byte[]>> files = name -> client.metadata("image", name);
    ChainReport report = report(Side.IMAGE, files);
    report.roots(pinned.root().version(), pinned.rootBytes()).ifPresent(report::online);
    if (report.problems() == 0) {
      // What a device itself would say has the last word.
      try {
        TrustedImage image = ImageWalk.targets(pinned, files, at);
        for (var each : image.delegations()) {
          if (image.hasRole(each.name())) {
            var _ =
                image.withRole(
                    each.name(), files.apply(image.roleFile(each.name())).orElse(new byte[0]), at);
          }
        }
      } catch (TrustException e) {
        report.wrong("a device refuses it: " + e.getMessage());
      }
    }
    return report.problems();
  }

  private int director(RegistryClient client, TrustedDirector pinned) {
    System.out.println("director side, " + what);
    ChainReport report = report(Side.DIRECTOR, name -> client.metadata("director", name));
    var _ = report.roots(pinned.root().metadata().version(), pinned.root().bytes());
    return report.problems();
  }

  private ChainReport report(Side side, Function<String, Optional<byte[]>> files) {
    return new ChainReport(System.out, side.word(), files, at, Duration.ofDays(soonDays));
  }
}
