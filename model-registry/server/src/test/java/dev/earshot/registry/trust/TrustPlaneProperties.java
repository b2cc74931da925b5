package dev.earshot.registry.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.earshot.protocol.Digest;
import dev.earshot.protocol.trust.Envelope;
import dev.earshot.protocol.trust.ImageRepository;
import dev.earshot.protocol.trust.Metadata;
import dev.earshot.protocol.trust.MetadataFile;
import dev.earshot.protocol.trust.RoleKeys;
import dev.earshot.protocol.trust.Root;
import dev.earshot.protocol.trust.SigningKey;
import dev.earshot.protocol.trust.Targets;
import dev.earshot.protocol.trust.TrustException;
import dev.earshot.registry.InMemoryLedger;
import dev.earshot.registry.TestRelease;
import dev.earshot.registry.TestTrust;
import dev.earshot.registry.ledger.Side;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** Whatever is sent, by whatever keys: a client that begins at the first root gets to the end. */
class TrustPlaneProperties {
  private static final Instant FAR = Instant.parse("2100-01-01T00:00:00Z");
  private static final List<SigningKey> POOL =
      List.of("a", "b", "c").stream()
          .map(name -> SigningKey.ofSeed(Digest.of(name.getBytes(StandardCharsets.UTF_8)).bytes()))
          .toList();

  /**
   * Something that somebody sends.
   *
   * @param what 0 root, 1 targets, 2 role, 3 time passes
   * @param keys indices of the pool: whose keys it names
   * @param signers indices of the pool; the current keys sign as well when {@code rightly}
   * @param skip how many versions it leaves out
   */
  record Step(int what, Set<Integer> keys, Set<Integer> signers, boolean rightly, int skip) {}

  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<Set<Integer>> some = Arbitraries.integers().between(0, 2).set().ofMinSize(1);
    return Combinators.combine(
            Arbitraries.integers().between(0, 3),
            some,
            some,
            Arbitraries.frequency(Tuple.of(3, true), Tuple.of(1, false)),
            Arbitraries.frequency(Tuple.of(5, 0), Tuple.of(1, 1)))
        .as(Step::new)
        .list()
        .ofMaxSize(12);
  }

  @Property(tries = 60)
  void anySequence_leavesWhatAFreshClientCanFollow(@ForAll("steps") List<Step> steps)
      throws TrustException {
    World world = new World();
    ImageClient old = new ImageClient(TestTrust.KEYS.firstImageRoot().bytes());
    for (int i = 0; i < steps.size(); i++) {
      world.take(steps.get(i));
      requireFollowed(world, new ImageClient(TestTrust.KEYS.firstImageRoot().bytes()));
      if (i % 3 == 0) {
        requireFollowed(world, old);
      }
    }
    requireFollowed(world, old);
  }

  private static void requireFollowed(World world, ImageClient client) throws TrustException {
    client.follow(world.registry, world.now);
    ImageRepository image = world.image();
    assertEquals(image.root().version(), client.root());
    if (image.role("publisher").isPresent()) {
      assertEquals(
          TrustException.Reason.NOT_LISTED,
          assertThrows(
                  TrustException.class,
                  () -> client.target(world.registry, "x/1.0.0/manifest.json", world.now))
              .reason());
    }
  }

  /** A registry that has every online key, and somebody who has every other. */
  private static final class World {
    private Instant now = TestRelease.NOW;
    private final InMemoryLedger ledger = new InMemoryLedger(TestTrust.initialised());
    private final List<SigningKey> all = new ArrayList<>(POOL);
    private final TrustPlane registry;

    World() {
      all.addAll(
          List.of(
              TestTrust.KEYS.imageRoot(),
              TestTrust.KEYS.targets(),
              TestTrust.KEYS.publisher(),
              TestTrust.KEYS.online()));
      registry =
          new TrustPlane(ledger, new OnlineKeys(all), () -> now, ImageRepository.Validity.DEFAULT);
    }

    ImageRepository image() {
      return ledger.state().signed().orElseThrow().image();
    }

    void take(Step step) {
      switch (step.what()) {
        case 0 -> send("root", root(step), step, image().root().keys(Root.Role.ROOT));
        case 1 -> send("targets", targets(step), step, image().root().keys(Root.Role.TARGETS));
        case 2 ->
            send(
                "publisher",
                new Targets(
                    image().role("publisher").map(Targets::version).orElse(0L) + 1 + step.skip(),
                    FAR,
                    Map.of(),
                    List.of()),
                step,
                image().targets().orElseThrow().delegation("publisher").orElseThrow().keys());
        default -> {
          now = now.plus(Duration.ofDays(5));
          registry.renew();
        }
      }
    }

    private Root root(Step step) {
      Map<Root.Role, RoleKeys> roles = new EnumMap<>(image().root().roles());
      Root.Role role = Root.Role.values()[step.keys().iterator().next()];
      roles.put(role, keys(step));
      return new Root(image().root().version() + 1 + step.skip(), FAR, roles);
    }

    private Targets targets(Step step) {
      return Targets.delegating(
          image().targets().orElseThrow().version() + 1 + step.skip(),
          FAR,
          List.of(Targets.Delegation.ofAll("publisher", keys(step))));
    }

    private static RoleKeys keys(Step step) {
      return RoleKeys.of(1, step.keys().stream().map(i -> POOL.get(i).publicKey()).toList());
    }

    private void send(String role, Metadata metadata, Step step, RoleKeys current) {
      List<SigningKey> signers = new ArrayList<>();
      step.signers().forEach(i -> signers.add(POOL.get(i)));
      if (step.rightly()) {
        all.stream()
            .filter(key -> current.keys().containsKey(key.publicKey().keyId()))
            .filter(key -> !signers.contains(key))
            .forEach(signers::add);
      }
      var _ =
          registry.submit(
              Side.IMAGE,
              MetadataFile.of(role, metadata),
              Envelope.sign(metadata, signers).bytes(),
              false);
    }
  }
}
