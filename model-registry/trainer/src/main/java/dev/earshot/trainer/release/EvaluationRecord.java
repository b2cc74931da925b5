package dev.earshot.trainer.release;

import dev.earshot.ndp.NdpModel;
import dev.earshot.ndp.chip.ChipProfile;
import dev.earshot.ndp.chip.EnergyModel;
import dev.earshot.ndp.chip.Workload;
import dev.earshot.ndp.detector.DetectorParameters;
import dev.earshot.protocol.Digest;
import dev.earshot.protocol.release.Evaluation;
import dev.earshot.trainer.evaluate.Tally;
import dev.earshot.trainer.noise.AcousticEnvironment;
import dev.earshot.trainer.recipe.Recipe;
import java.util.List;
import java.util.Map;

/** Puts what was measured, and what the engine says that the model costs, into one record. */
final class EvaluationRecord {
  private EvaluationRecord() {}

  static Evaluation of(
      Recipe recipe,
      byte[] tflite,
      NdpModel model,
      DetectorParameters detector,
      Map<AcousticEnvironment, Tally> results,
      String corpus) {
    List<Evaluation.EnvironmentResult> environments =
        results.entrySet().stream()
            .map(e -> e.getValue().result(e.getKey().label(), detector.thresholdScore()))
            .toList();
    Workload work = Workload.of(model.summary());
    EnergyModel energy = EnergyModel.of(chip(recipe.chips().getFirst()));
    return new Evaluation(
        recipe.release().toString(),
        Digest.of(tflite).toString(),
        corpus,
        detector.thresholdScore(),
        energy.inferenceMicrojoules(work).value(),
        energy.inferenceMillis(work).value() * 1000,
        work.macs(),
        model.summary().parameters(),
        model.summary().weightBytes() + model.summary().arenaBytes(),
        environments);
  }

  private static ChipProfile chip(String id) {
    return ChipProfile.byId(id)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "chips: '"
                        + id
                        + "' (expected: one of "
                        + ChipProfile.all().stream().map(ChipProfile::id).toList()
                        + ")"));
  }
}
