package dev.earshot.cli.bench.gateway;

import dev.earshot.cli.bench.Answers;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * The process that stands in for a load generator beside a raw producer: for every record that
 * Kafka acknowledged it uses as much processor time as the generator uses for a message. Questions:
 * {@code burn NANOS} (for each record), {@code stop}.
 */
final class BurnerMain {
  private static final long PAUSE_NANOS = 100_000;

  private final Progress progress;
  private final byte[] block = new byte[8 << 10];
  private long checksumOfAll;
  private volatile boolean over;
  private @Nullable Thread thread;

  private BurnerMain(Progress progress) {
    this.progress = progress;
  }

  /** Arguments: the file of the {@link Progress}. */
  public static void main(String[] args) throws Exception {
    Answers.give(new BurnerMain(Progress.open(Path.of(args[0])))::answer);
  }

  private String answer(String what, List<String> words) throws Exception {
    switch (what) {
      case "burn" -> {
        double nanos = Double.parseDouble(words.getFirst());
        over = false;
        progress.burnt(progress.acknowledged());
        thread = new Thread(() -> burn(nanos), "burner");
        thread.start();
      }
      case "stop" -> {
        over = true;
        if (thread != null) {
          thread.join(TimeUnit.SECONDS.toMillis(10));
        }
      }
      default -> throw new IOException("unknown question " + what);
    }
    return "done";
  }

  /** What this thread has used counts, its pauses' overhead too, so nothing is burnt twice. */
  private void burn(double nanosEach) {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long usedBefore = threads.getCurrentThreadCpuTime();
    long first = progress.acknowledged();
    while (!over) {
      double used = threads.getCurrentThreadCpuTime() - usedBefore;
      long burnt = first + (long) (used / nanosEach);
      long acknowledged = progress.acknowledged();
      progress.burnt(Math.min(burnt, acknowledged));
      if (burnt >= acknowledged) {
        LockSupport.parkNanos(PAUSE_NANOS);
      } else {
        work();
      }
    }
  }

  /** Real work, a microsecond or so: a pause instruction would leave the core to others. */
  private void work() {
    CRC32 checksum = new CRC32();
    checksum.update(block);
    checksumOfAll ^= checksum.getValue();
  }
}
