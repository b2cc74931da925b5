package dev.earshot.gateway.fuzz;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random sessions, most of them spoiled, many at once. Plays for {@code earshot.fuzz.seconds} from
 * the seed {@code earshot.fuzz.from}; {@code earshot.fuzz.seed} plays one case only, and says what
 * it was answered.
 */
class FuzzIT {
  private static final int AT_ONCE = 24;
  private static final int STUCK_AFTER_SECONDS = 60;
  private static final int WARM_UP_SECONDS = 3;
  private static final int HUNT_SECONDS = 30;
  private static final long HEAP_TOLERANCE_BYTES = 24 << 20;
  private static final long DIRECT_TOLERANCE_BYTES = 16 << 20;

  @TempDir static Path folder;
  private static HostileGateway gateway;

  @BeforeAll
  static void start() throws IOException {
    gateway = HostileGateway.start(folder);
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @Test
  void casesThatFoundSomethingOnce_findNothing() throws Exception {
    Conversation conversation = new Conversation(gateway, gateway.clientTls());
    for (FuzzCase known : knownCases()) {
      if (gateway.transports().contains(known.transport())) {
        conversation.play(known);
      }
    }
    gateway.assertUnharmed();
  }

  @Test
  void spoiledSessions_leaveNoTrace() throws Exception {
    Long only = Long.getLong("earshot.fuzz.seed");
    if (only != null) {
      replay(only);
      return;
    }
    long seconds = Long.getLong("earshot.fuzz.seconds", 12);
    AtomicLong seed = new AtomicLong(Long.getLong("earshot.fuzz.from", System.nanoTime() >>> 10));
    long from = seed.get();
    play(seed, WARM_UP_SECONDS);
    MemoryMeter atFirst = null;
    MemoryMeter atLast = null;
    for (int third = 0; third < 3; third++) {
      play(seed, Math.max(1, seconds / 3));
      gateway.assertUnharmed();
      atLast = MemoryMeter.read();
      atFirst = atFirst == null ? atLast : atFirst;
    }
    gateway.assertOnlyGoodMessagesForwarded();
    System.out.printf(
        "%d cases in %d s, seeds %d to %d; after the first third %s; after the last %s%n",
        seed.get() - from, seconds + WARM_UP_SECONDS, from, seed.get() - 1, atFirst, atLast);
    assertFlat(atFirst, atLast);
  }

  private static void assertFlat(@Nullable MemoryMeter first, @Nullable MemoryMeter last) {
    assertTrue(first != null && last != null);
    String both = "from " + first + " to " + last;
    assertTrue(last.heapBytes() - first.heapBytes() < HEAP_TOLERANCE_BYTES, both);
    assertTrue(last.directBytes() - first.directBytes() < DIRECT_TOLERANCE_BYTES, both);
    assertTrue(last.bufferBytes() - first.bufferBytes() < DIRECT_TOLERANCE_BYTES, both);
  }

  /** Plays one case after the other, some at once, for that long. */
  private static void play(AtomicLong seed, long seconds) throws Exception {
    long from = seed.get();
    long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    Conversation conversation = new Conversation(gateway, gateway.clientTls());
    AtomicReference<@Nullable AssertionError> failure = new AtomicReference<>();
    Semaphore room = new Semaphore(AT_ONCE);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      while (System.nanoTime() < endNanos && failure.get() == null) {
        if (!room.tryAcquire(STUCK_AFTER_SECONDS, TimeUnit.SECONDS)) {
          threads.shutdownNow();
          fail("stuck: none of the cases before seed " + seed.get() + " came to its end");
        }
        long own = seed.getAndIncrement();
        Future<?> ignored =
            threads.submit(
                () -> {
                  try {
                    conversation.play(FuzzCase.of(own, gateway.transports()));
                  } catch (IOException | AssertionError | RuntimeException e) {
                    failure.compareAndSet(null, blame(own, e));
                  } finally {
                    room.release();
                  }
                });
      }
    }
    AssertionError failed = failure.get();
    if (failed != null) {
      throw failed;
    }
    if (!gateway.complaints().isEmpty()) {
      fail(gateway.complaints() + whichOneWasIt(from, seed.get()));
    }
  }

  /** Plays these again, one at a time, until the gateway complains. */
  private static String whichOneWasIt(long from, long to) throws IOException {
    long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(HUNT_SECONDS);
    Conversation conversation = new Conversation(gateway, gateway.clientTls());
    gateway.forgetComplaints();
    for (long seed = from; seed < to && System.nanoTime() < endNanos; seed++) {
      FuzzCase fuzz = FuzzCase.of(seed, gateway.transports());
      conversation.play(fuzz);
      if (!gateway.complaints().isEmpty()) {
        return "\n" + fuzz.line() + "\nand alone:\n" + gateway.complaints();
      }
    }
    return "\nseeds " + from + " to " + to + "; none of the first of them alone";
  }

  private static AssertionError blame(long seed, Throwable cause) {
    return new AssertionError(
        "replay with -Dearshot.fuzz.seed="
            + seed
            + "\n"
            + FuzzCase.of(seed, gateway.transports()).line()
            + "\n"
            + cause,
        cause);
  }

  private static void replay(long seed) throws Exception {
    FuzzCase fuzz = FuzzCase.of(seed, gateway.transports());
    System.out.println(fuzz.line());
    new Conversation(gateway, gateway.clientTls())
        .play(fuzz)
        .forEach(
            answer ->
                System.out.printf(
                    "%02x %s%n", answer.first(), HexFormat.of().formatHex(answer.body())));
    gateway.assertUnharmed();
  }

  private static List<FuzzCase> knownCases() throws IOException {
    try (InputStream in = FuzzIT.class.getResourceAsStream("/fuzz/cases.hex")) {
      assertTrue(in != null, "fuzz/cases.hex is missing");
      Stream<String> lines = new String(in.readAllBytes(), StandardCharsets.US_ASCII).lines();
      return lines
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .map(FuzzCase::parse)
          .toList();
    }
  }
}
