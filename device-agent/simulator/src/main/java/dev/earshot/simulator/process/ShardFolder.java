package dev.earshot.simulator.process;

import dev.earshot.simulator.Shard;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Where each process keeps the flash of its devices. A folder belongs to as many processes as wrote
 * it first: with another number devices would not find what is theirs.
 */
public final class ShardFolder {
  private static final Pattern NAME = Pattern.compile("shard-\\d+-of-(\\d+)");

  private ShardFolder() {}

  /** The folder of one share. */
  public static Path of(Path data, Shard shard) {
    return shard.of() == 1 ? data : data.resolve("shard-" + shard.number() + "-of-" + shard.of());
  }

  /** Refuses a folder that another number of processes has written. */
  public static void check(Path data, int processes) throws IOException {
    if (!Files.isDirectory(data)) {
      return;
    }
    Optional<Integer> before = writtenBy(data);
    if (before.isPresent() && before.get() != processes) {
      throw new IOException(
          data
              + " was written by "
              + before.get()
              + " processes (expected: as many again; fix: --processes "
              + before.get()
              + ", or another folder)");
    }
  }

  private static Optional<Integer> writtenBy(Path data) throws IOException {
    try (Stream<Path> files = Files.list(data)) {
      return files
          .map(each -> each.getFileName().toString())
          .map(
              name -> {
                Matcher shard = NAME.matcher(name);
                return shard.matches() ? Integer.parseInt(shard.group(1)) : 1;
              })
          .max(Comparator.naturalOrder());
    }
  }
}
