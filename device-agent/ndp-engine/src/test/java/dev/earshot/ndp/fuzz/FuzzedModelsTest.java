package dev.earshot.ndp.fuzz;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Spoiled models, one after the other, for {@code earshot.fuzz.seconds} from the seed {@code
 * earshot.fuzz.from}; {@code earshot.fuzz.seed} plays one only. What finds something is left in
 * {@code target/fuzz} and belongs into the corpus.
 */
class FuzzedModelsTest {
  private static final long SECONDS = Long.getLong("earshot.fuzz.seconds", 8);
  private static final long STUCK_AFTER_SECONDS = 60;

  private final Attack attack = new Attack();

  @Test
  void seeds_areModelsThatRun() {
    for (Path file : Corpus.files("seeds")) {
      assertInstanceOf(Outcome.Run.class, attack.on(Corpus.read(file)), file.toString());
    }
  }

  @Test
  void hostileCases_areRefused() {
    for (Path file : Corpus.files("cases")) {
      assertInstanceOf(Outcome.Refused.class, attack.on(Corpus.read(file)), file.toString());
    }
  }

  @Test
  void filesThatFoundSomethingOnce_findNothing() {
    for (Path file : Corpus.files("found")) {
      assertDoesNotThrow(() -> attack.on(Corpus.read(file)), file.toString());
    }
  }

  @Test
  void spoiledModels_areRunOrRefused() throws Exception {
    Long only = Long.getLong("earshot.fuzz.seed");
    if (only != null) {
      System.out.println(only + ": " + attack.on(FuzzedModel.of(only)));
      return;
    }
    long from = Long.getLong("earshot.fuzz.from", System.nanoTime() >>> 10);
    AtomicLong seed = new AtomicLong(from);
    Player player = new Player(seed, attack);
    Thread thread = Thread.ofPlatform().daemon().start(player);
    // A case that never ends can't be stopped, but it can be named.
    for (long before = -1; thread.isAlive(); ) {
      assertTrue(seed.get() != before, () -> "stuck: " + keep(seed.get()));
      before = seed.get();
      thread.join(TimeUnit.SECONDS.toMillis(STUCK_AFTER_SECONDS));
    }
    player.rethrow();
    System.out.printf(
        "%,d cases in %d s, seeds %d to %d: %s; %s%n",
        seed.get() - from, SECONDS, from, seed.get() - 1, player, attack.largest());
  }

  /** Leaves the file of a seed where a person finds it. */
  private static String keep(long seed) {
    Path file = Path.of("target", "fuzz", seed + ".tflite");
    try {
      Files.createDirectories(file.getParent());
      Files.write(file, FuzzedModel.of(seed));
    } catch (IOException | RuntimeException e) {
      return "seed " + seed + " (not kept: " + e + ")";
    }
    return "seed " + seed + ", kept as " + file;
  }

  /** Plays seed after seed until the time is over or something is found. */
  private static final class Player implements Runnable {
    private final AtomicLong seed;
    private final Attack attack;
    private final Set<String> refusals = new HashSet<>();
    private long run;
    private long refused;
    private volatile @Nullable AssertionError found;

    Player(AtomicLong seed, Attack attack) {
      this.seed = seed;
      this.attack = attack;
    }

    @Override
    public void run() {
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
      while (System.nanoTime() < end) {
        try {
          count(attack.on(FuzzedModel.of(seed.get())));
        } catch (RuntimeException | Error e) {
          found = new AssertionError(keep(seed.get()) + ": " + e, e);
          return;
        }
        seed.incrementAndGet();
      }
    }

    private void count(Outcome outcome) {
      switch (outcome) {
        case Outcome.Run ignored -> run++;
        case Outcome.Prepared ignored -> {}
        case Outcome.Refused refusal -> {
          refused++;
          refusals.add(refusal.kind());
        }
      }
    }

    void rethrow() {
      AssertionError error = found;
      if (error != null) {
        throw error;
      }
    }

    @Override
    public String toString() {
      return "%,d run, %,d refused in %,d ways".formatted(run, refused, refusals.size());
    }
  }
}
