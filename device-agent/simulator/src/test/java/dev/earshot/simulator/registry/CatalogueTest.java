package dev.earshot.simulator.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.protocol.release.ReleaseRef;
import dev.earshot.protocol.trust.LocalTrust;
import dev.earshot.protocol.trust.TrustAnchors;
import dev.earshot.protocol.v1.Environment;
import dev.earshot.simulator.TestRegistry;
import dev.earshot.simulator.TestRelease;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CatalogueTest {
  private static final TrustAnchors TRUST = TestRelease.ANCHORS;
  private static final InstantSource CLOCK = () -> Instant.parse("2026-01-01T00:00:00Z");
  private static final TestRelease RELEASE = TestRelease.of("test:1.0.0", 1, .5, .1);

  private static void await(CompletionStage<?> stage) {
    stage.toCompletableFuture().join();
  }

  @Test
  void learntRelease_behavesAsEvaluated() {
    Catalogue catalogue = new Catalogue(new TestRegistry(RELEASE), TRUST, CLOCK);
    await(catalogue.learn(ReleaseRef.parse("test:1.0.0")));
    assertEquals(
        .5,
        catalogue.behaviour(RELEASE.signed().manifest(), Environment.CAR).falseAcceptsPerHour());
  }

  @Test
  void releasesWithTheSameModel_behaveByTheirThreshold() {
    TestRelease retuned = RELEASE.retuned("test:1.0.1", 2, 110, .2, .2);
    Catalogue catalogue = new Catalogue(new TestRegistry(RELEASE, retuned), TRUST, CLOCK);
    await(catalogue.learn(ReleaseRef.parse("test:1.0.0")));
    assertThrows(
        UnknownModelException.class,
        () -> catalogue.behaviour(retuned.signed().manifest(), Environment.CAR));
    await(catalogue.learn(ReleaseRef.parse("test:1.0.1")));
    assertEquals(
        .2,
        catalogue.behaviour(retuned.signed().manifest(), Environment.CAR).falseAcceptsPerHour());
    assertEquals(
        .5,
        catalogue.behaviour(RELEASE.signed().manifest(), Environment.CAR).falseAcceptsPerHour());
  }

  @Test
  void manyDevices_fetchOnce() {
    AtomicInteger fetches = new AtomicInteger();
    TestRegistry registry = new TestRegistry(RELEASE);
    Catalogue catalogue =
        new Catalogue(
            path -> {
              fetches.incrementAndGet();
              return registry.get(path);
            },
            TRUST,
            CLOCK);
    for (int i = 0; i < 100; i++) {
      await(catalogue.learn(ReleaseRef.parse("test:1.0.0")));
    }
    assertEquals(7, fetches.get(), "no newer root, 4 signed files, one manifest, one evaluation");
  }

  @Test
  void unknownModel_isAnErrorThatSaysSo() {
    Catalogue catalogue = new Catalogue(new TestRegistry(), TRUST, CLOCK);
    UnknownModelException unknown =
        assertThrows(
            UnknownModelException.class,
            () -> catalogue.behaviour(RELEASE.signed().manifest(), Environment.CAR));
    assertEquals(
        "test:1.0.0: the registry gave no evaluation for its model "
            + RELEASE.signed().manifest().model().digest()
            + " at threshold 100, so its behaviour can't be simulated",
        unknown.getMessage());
  }

  @Test
  void registryThatFailed_isAskedAgain() {
    TestRegistry registry = new TestRegistry();
    Catalogue catalogue = new Catalogue(registry, TRUST, CLOCK);
    ReleaseRef ref = ReleaseRef.parse("test:1.0.0");
    CompletionException failed =
        assertThrows(CompletionException.class, () -> await(catalogue.learn(ref)));
    assertTrue(
        String.valueOf(failed.getMessage()).contains("snapshot.json does not list publisher.json"),
        failed.getMessage());
    registry.publish(RELEASE);
    await(catalogue.learn(ref));
  }

  @Test
  void releaseOfAnotherPublisher_isNotBelieved() {
    TrustAnchors others = LocalTrust.generate(Instant.parse("2099-01-01T00:00:00Z")).anchors();
    Catalogue catalogue = new Catalogue(new TestRegistry(RELEASE), others, CLOCK);
    assertThrows(
        CompletionException.class, () -> await(catalogue.learn(ReleaseRef.parse("test:1.0.0"))));
  }

  @Test
  void evaluationOfAnotherModel_isNotBelieved() {
    Catalogue catalogue =
        new Catalogue(
            new TestRegistry(TestRelease.withoutEvaluation("test:1.3.0", 4)), TRUST, CLOCK);
    CompletionException failed =
        assertThrows(
            CompletionException.class,
            () -> await(catalogue.learn(ReleaseRef.parse("test:1.3.0"))));
    assertTrue(
        String.valueOf(failed.getMessage()).contains("test:1.3.0: its evaluation is of model"),
        failed.getMessage());
  }
}
