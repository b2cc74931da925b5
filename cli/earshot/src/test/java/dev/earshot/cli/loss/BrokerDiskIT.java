package dev.earshot.cli.loss;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Both ways in which a disk becomes full, with a process that writes. */
@Timeout(60)
class BrokerDiskIT {
  @TempDir Path folder;

  @BeforeEach
  void onLinuxOnly() {
    assumeTrue(
        Stream.of("/usr/bin/prlimit", "/bin/prlimit").anyMatch(file -> Files.exists(Path.of(file))),
        "prlimit is missing: no Linux, or without util-linux");
  }

  @Test
  void mountedDisk_fillsUp_andHasRoomAgain() throws IOException, InterruptedException {
    assumeTrue(MountedDisk.canMount(), "mount namespaces are not for ordinary users here");
    try (BrokerDisk disk = new MountedDisk(folder, 0)) {
      fillsUpAndHasRoomAgain(disk, "No space left on device");
    }
  }

  @Test
  void limitedDisk_fillsUp_andHasRoomAgain() throws IOException, InterruptedException {
    try (BrokerDisk disk = new LimitedDisk(folder)) {
      fillsUpAndHasRoomAgain(disk, "File too large");
    }
  }

  private void fillsUpAndHasRoomAgain(BrokerDisk disk, String reason)
      throws IOException, InterruptedException {
    Child first = Child.start(appender(disk, "first.log"));
    awaitGrowth(disk, first, "first.log");
    disk.fill(first);
    while (first.isAlive()) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
    String said = Files.readString(folder.resolve("first.log.said"));
    assertTrue(said.contains(reason), said);
    disk.free(first);
    Child second = Child.start(appender(disk, "second.log"));
    try {
      awaitGrowth(disk, second, "second.log");
    } finally {
      second.kill();
    }
  }

  private Child.Recipe appender(BrokerDisk disk, String log) {
    return new Child.Recipe(
        disk.prefix(),
        List.of("-Xmx32m"),
        Appender.class.getName(),
        List.of(disk.folder().resolve(log).toString()),
        Map.of(),
        folder.resolve(log + ".said"));
  }

  /** Looks at the file system as the process sees it. */
  private static void awaitGrowth(BrokerDisk disk, Child child, String name)
      throws IOException, InterruptedException {
    Path log = Path.of("/proc/" + child.pid() + "/root" + disk.folder(), name);
    while (!Files.exists(log) || Files.size(log) == 0) {
      assertTrue(child.isAlive(), "it has ended");
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }
}
