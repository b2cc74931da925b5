package dev.earshot.registry.gc;

import dev.earshot.registry.blob.BlobStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Writers and collectors in any order of their single steps in the store. */
class GarbagePropertyTest {
  private static final int ROUNDS = 4;
  private static final int CONTENTS = 5;
  private static Path spool = Path.of("");

  @BeforeContainer
  static void makeSpool() throws IOException {
    spool = Files.createTempDirectory("spool");
  }

  @AfterContainer
  static void removeSpool() throws IOException {
    try (Stream<Path> files = Files.walk(spool)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  @Property(tries = 40)
  void nothingReferredTo_isEverLost(@ForAll long seed) throws IOException {
    Random random = new Random(seed);
    Interleaver interleaver = new Interleaver(random::nextInt);
    World world = new World(spool, interleaver::step);
    for (int round = 0; round < ROUNDS; round++) {
      for (int i = 0; i < CONTENTS; i++) {
        // What nobody refers to by now is garbage in the next round.
        world.store(world.stores.getFirst(), World.content(i));
      }
      world.objects.pass(random.nextInt(3) == 0 ? Duration.ZERO : Duration.ofHours(25));
      List<Callable<?>> tasks = new ArrayList<>();
      for (int i = random.nextInt(4); i >= 0; i--) {
        tasks.add(writer(world, random));
      }
      for (int i = random.nextInt(3); i > 0; i--) {
        GarbageCollector collector = world.collectors.get(i - 1);
        boolean dryRun = random.nextInt(8) == 0;
        tasks.add(() -> collector.collect(dryRun));
      }
      interleaver.run(tasks);
      world.requireNothingLost();
    }
    world.requireOnlyReferredLeft();
    world.requireNothingLost();
  }

  /** What it does is drawn at once, so that the seed alone decides. */
  private static Callable<?> writer(World world, Random random) {
    BlobStore store = world.stores.get(random.nextInt(2));
    String name = random.nextBoolean() ? "hey-nova" : "mirror/hey-nova";
    int number = random.nextInt(CONTENTS);
    int other = random.nextInt(CONTENTS);
    boolean yes = random.nextBoolean();
    int what = random.nextInt(9);
    return () -> {
      byte[] content = World.content(number);
      switch (what) {
        case 0, 1 -> world.push(store, name, content);
        case 2 -> world.store(store, content);
        case 3 -> world.mount(store, name, content);
        case 4 -> world.unlink(name, content);
        case 5 ->
            world.manifest(
                store,
                name,
                List.of(content, World.content(other)),
                yes ? world.anyManifest(other) : Optional.empty(),
                !yes);
        case 6 -> world.unmanifest(other);
        case 7 -> world.publish(store, number);
        case 8 -> world.remove(number);
        default -> throw new AssertionError(what);
      }
      return what;
    };
  }
}
