package dev.earshot.cli.trust;

import dev.earshot.protocol.trust.MetadataFile;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Shows a file. */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    description = "Show what a file of signed metadata says. Checks no signature: see `verify`.")
public final class TrustShowCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "FILE", description = "Such as image/1.targets.json.")
  private Path file = Path.of("");

  @Override
  public Integer call() {
    MetadataFile kind = TrustDir.kind(file);
    MetadataText.print(System.out, kind, TrustDir.read(file, kind));
    return 0;
  }
}
