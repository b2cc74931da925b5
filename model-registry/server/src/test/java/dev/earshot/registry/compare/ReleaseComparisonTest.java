package dev.earshot.registry.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.earshot.ndp.NdpModel;
import dev.earshot.protocol.release.Evaluation;
import dev.earshot.protocol.release.ReleaseRef;
import dev.earshot.registry.TestRelease;
import dev.earshot.registry.TinyModel;
import dev.earshot.registry.client.ReleaseFolder;
import dev.earshot.registry.compare.EnvironmentDiff.Verdict;
import dev.earshot.registry.compare.ReleaseComparison.Quantity;
import dev.earshot.registry.release.ReleaseCard;
import dev.earshot.registry.release.ReleaseDetails;
import dev.earshot.registry.release.ReleaseFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReleaseComparisonTest {
  @Test
  void differenceBeyondChance_isCalledBetterOrWorse() throws IOException {
    Side quiet = side("hey-nova:1.0.0", 1, "null", 2, 60);
    Side loud = side("hey-nova:1.1.0", 2, "hey-nova:1.0.0", 40, 5);
    ReleaseComparison compared = ReleaseComparison.of(quiet, loud);
    EnvironmentDiff kitchen = compared.environments().getFirst();
    assertEquals(Verdict.WORSE, kitchen.falseAcceptsPerHour().verdict());
    assertEquals(Verdict.BETTER, kitchen.falseRejectRate().verdict());
    assertEquals(List.of("kitchen"), compared.worse());
    assertEquals(List.of(), compared.better());
    assertEquals("hey-nova:1.0.0 is the parent of hey-nova:1.1.0", compared.lineage());
    assertEquals(
        "hey-nova:1.0.0 is the parent of hey-nova:1.1.0",
        ReleaseComparison.of(loud, quiet).lineage());
    assertEquals(
        List.of("kitchen"), ReleaseComparison.of(loud, side("x:1.0.0", 1, "null", 2, 5)).better());
    assertTrue(compared.method().contains("Holm-adjusted over 4 comparisons, level 5 %"));
  }

  @Test
  void differenceWithinChance_isNotShown() throws IOException {
    ReleaseComparison compared =
        ReleaseComparison.of(
            side("hey-nova:1.0.0", 1, "null", 2, 10), side("hey-nova:1.1.0", 2, "null", 4, 13));
    EnvironmentDiff kitchen = compared.environments().getFirst();
    assertEquals(Verdict.NOT_SHOWN, kitchen.falseAcceptsPerHour().verdict());
    assertEquals(Verdict.NOT_SHOWN, kitchen.falseRejectRate().verdict());
    assertEquals(1, kitchen.falseAcceptsPerHour().adjustedP());
    assertEquals(List.of(), compared.better());
    assertEquals(List.of(), compared.worse());
    assertEquals("neither is the other's parent", compared.lineage());
  }

  /** At 0.3 missed B may go up to threshold 100, where it wakes falsely once an hour. */
  @Test
  void equalFrr_movesTheOthersThreshold() throws IOException {
    Side a = side("hey-nova:1.0.0", 1, "null", 2, 60);
    EnvironmentDiff.EqualFrr fair =
        ReleaseComparison.of(a, side("hey-nova:1.1.0", 2, "null", 4, 20))
            .environments()
            .getFirst()
            .atEqualFrr();
    assertEquals(new EnvironmentDiff.EqualFrr(0.3, 100, 0.5, 1, 0.1), fair);
    EnvironmentDiff.EqualFrr strict =
        ReleaseComparison.of(side("hey-nova:1.1.0", 2, "null", 4, 20), a)
            .environments()
            .getFirst()
            .atEqualFrr();
    assertEquals(new EnvironmentDiff.EqualFrr(0.1, -128, 1, 100, 0), strict);
  }

  @Test
  void numbersAndWords_standSideBySide() throws IOException {
    ReleaseComparison compared =
        ReleaseComparison.of(
            side("hey-nova:1.0.0", 1, "null", 2, 10), side("hey-nova:1.1.0", 4, "null", 2, 10));
    Quantity counter = compared.quantities().getFirst();
    assertEquals(new Quantity("release counter", "", 1, 4, null), counter);
    assertEquals(3.0, Quantity.of("x", "", 1, 4).change());
    assertNull(Quantity.of("x", "", 0, 1).change());
    assertTrue(
        compared.facts().stream().anyMatch(fact -> fact.name().equals("model") && !fact.same()));
    assertTrue(
        compared.facts().stream()
            .anyMatch(fact -> fact.name().equals("quantization") && fact.same()));
    assertEquals(1, compared.layers().size());
    assertTrue(compared.layers().getFirst().same());
  }

  @Test
  void environmentsOfOneOnly_areNamedAndNotTested() throws IOException {
    Side both = side("hey-nova:1.0.0", 1, "null", 2, 10);
    Evaluation all = both.details().evaluation();
    Evaluation kitchen =
        new Evaluation(
            all.release(),
            all.modelDigest(),
            all.corpus(),
            all.thresholdScore(),
            all.energyPerInferenceMicrojoules(),
            all.inferenceMicros(),
            all.multiplyAccumulates(),
            all.parameters(),
            all.memoryBytes(),
            all.environments().subList(0, 1));
    Side one =
        new Side(
            "kitchen only",
            both.manifest(),
            new ReleaseDetails(both.details().card(), kitchen, both.details().model()));
    ReleaseComparison compared = ReleaseComparison.of(both, one);
    assertEquals(List.of("car"), compared.onlyA());
    assertEquals(List.of(), compared.onlyB());
    assertEquals(1, compared.environments().size());
    assertEquals("both are hey-nova:1.0.0", compared.lineage());
  }

  /** 1.2.0 was trained to be worse: in the factory and the stadium it wakes to noise. */
  @Test
  void trainedReleases_differWhereTheyWereMadeTo() {
    Path folder = Path.of("../releases");
    assumeTrue(Files.isDirectory(folder), folder + " is not here");
    ReleaseComparison compared = ReleaseComparison.of(side(folder, "1.1.0"), side(folder, "1.2.0"));
    assertEquals("hey-nova:1.1.0 is the parent of hey-nova:1.2.0", compared.lineage());
    assertEquals(List.of("factory", "stadium"), compared.worse());
    assertEquals(List.of(), compared.better());
    assertTrue(compared.layers().stream().allMatch(ReleaseComparison.LayerDiff::same));
  }

  private static Side side(Path folder, String version) {
    ReleaseFolder release = ReleaseFolder.read(folder.resolve("hey-nova-" + version));
    return new Side(version, release.manifest(TestRelease.EXPIRES), release.details());
  }

  private static Side side(String ref, int counter, String parent, int falseAccepts, int missed)
      throws IOException {
    byte[] model = TinyModel.small(counter);
    ReleaseRef name = ReleaseRef.parse(ref);
    TestRelease release = TestRelease.of(name, counter, List.of("ndp120"), model, parent);
    return new Side(
        ref,
        release.manifest(),
        new ReleaseDetails(
            ReleaseCard.parse(release.files().of(ReleaseFile.CARD)),
            TestRelease.measured(name, model, falseAccepts, missed),
            NdpModel.parse(model).summary()));
  }
}
