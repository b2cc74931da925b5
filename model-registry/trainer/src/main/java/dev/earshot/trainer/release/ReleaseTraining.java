package dev.earshot.trainer.release;

import dev.earshot.ndp.NdpModel;
import dev.earshot.ndp.detector.DetectorParameters;
import dev.earshot.protocol.release.Evaluation;
import dev.earshot.trainer.audio.Seeds;
import dev.earshot.trainer.evaluate.Examiner;
import dev.earshot.trainer.evaluate.Tally;
import dev.earshot.trainer.network.Fitting;
import dev.earshot.trainer.network.FloatNetwork;
import dev.earshot.trainer.network.TorchTrainer;
import dev.earshot.trainer.noise.AcousticEnvironment;
import dev.earshot.trainer.quantize.QuantizedNetwork;
import dev.earshot.trainer.quantize.Quantizer;
import dev.earshot.trainer.recipe.Recipe;
import dev.earshot.trainer.scene.SceneComposer;
import dev.earshot.trainer.scene.WindowSet;
import dev.earshot.trainer.speech.EspeakNg;
import dev.earshot.trainer.speech.SpeechPool;
import dev.earshot.trainer.speech.Split;
import dev.earshot.trainer.tflite.TfliteWriter;
import dev.earshot.trainer.work.Progress;
import dev.earshot.trainer.work.Workers;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * From a recipe to a release: speak, compose, fit, quantize, choose the threshold, measure. One job
 * for one thread; it brings workers for what may be done in parallel without changing the result.
 */
public final class ReleaseTraining {
  private static final double LONGEST_PAUSE_SECONDS = 3;
  private static final int CALIBRATION_MINUTES = 4;

  private final Recipe recipe;
  private final EspeakNg espeak;
  private final Workers workers;
  private final PrintWriter out;
  private final InstantSource clock;

  public ReleaseTraining(
      Recipe recipe, EspeakNg espeak, Workers workers, PrintWriter out, InstantSource clock) {
    this.recipe = recipe;
    this.espeak = espeak;
    this.workers = workers;
    this.out = out;
    this.clock = clock;
  }

  /** Keeps a model that was just trained. */
  public interface ModelKeeper {
    void keep(byte[] tflite) throws IOException;
  }

  /**
   * Does it all; takes minutes.
   *
   * @param trained a model file of this recipe, to be measured again without training it again;
   *     null to train
   * @param keeper gets the model as soon as it is trained, before the long listening begins
   */
  public TrainedRelease run(byte @Nullable [] trained, ModelKeeper keeper) throws IOException {
    if (trained == null) {
      LayersFit.require(recipe);
      out.println("training with PyTorch " + TorchTrainer.engine().getVersion());
      out.flush();
    }
    SpeechPool pool =
        SpeechPool.speak(
            espeak,
            Split.TRAINING,
            recipe.speech(),
            recipe.seed(),
            workers,
            speaking("speak: training"));
    SceneComposer composer =
        new SceneComposer(
            pool,
            Split.TRAINING,
            recipe.seed(),
            new SceneComposer.Style(
                recipe.training().confusableShare(),
                LONGEST_PAUSE_SECONDS,
                recipe.training().voiceSpread()));
    TrainingData data =
        compose(
            composer,
            recipe.training().talkMinutes(),
            recipe.training().wakeMinutes(),
            "compose: training");
    byte[] tflite = trained;
    if (tflite == null) {
      tflite = train(composer, data.windows());
      keeper.keep(tflite);
    }
    NdpModel model = NdpModel.parse(tflite);
    DetectorParameters detector = detector(threshold(model));
    Map<AcousticEnvironment, Tally> results = measure(model, detector);
    Evaluation evaluation =
        EvaluationRecord.of(
            recipe, tflite, model, detector, results, Corpus.description(recipe, espeak));
    return new TrainedRelease(
        tflite, data.digest(), detector, evaluation, SelfTests.of(model, data.windows()));
  }

  private TrainingData compose(
      SceneComposer composer,
      Map<AcousticEnvironment, Integer> talk,
      Map<AcousticEnvironment, Integer> wakes,
      String job) {
    return TrainingData.compose(
        composer,
        recipe.network().architecture().frames(),
        talk,
        wakes,
        workers,
        scenes -> progress(job, scenes));
  }

  private byte[] train(SceneComposer composer, WindowSet windows) {
    FloatNetwork network = fit(windows);
    Map<AcousticEnvironment, Integer> minutes = new EnumMap<>(AcousticEnvironment.class);
    recipe.calibration().environments().forEach(place -> minutes.put(place, CALIBRATION_MINUTES));
    WindowSet seen = compose(composer, minutes, minutes, "compose: calibration").windows();
    FloatNetwork cooled = network.cooled(recipe.network().logitTemperature());
    QuantizedNetwork quantized =
        Quantizer.quantize(cooled, calibration(seen), recipe.network().weights());
    return TfliteWriter.write(
        quantized, recipe.release() + ": wake word 'hey nova', silence, unknown");
  }

  private FloatNetwork fit(WindowSet windows) {
    Recipe.Training training = recipe.training();
    Fitting.Plan plan =
        new Fitting.Plan(
            training.epochs(),
            training.windowsPerEpoch(),
            training.batchSize(),
            training.learningRate(),
            training.labelSmoothing(),
            training.miningRounds());
    Progress progress = progress("fit", training.epochs());
    return new Fitting(windows, plan, recipe.seed())
        .fit(
            recipe.network().architecture(),
            recipe.seed(),
            (done, total, loss, hard) ->
                progress.done(
                    done, String.format(Locale.ROOT, "loss %.4f, %d hard negatives", loss, hard)));
  }

  private List<float[]> calibration(WindowSet windows) {
    RandomGenerator random = Seeds.random(recipe.seed(), "calibration");
    List<int[]> classes = Arrays.stream(WindowSet.Label.values()).map(windows::of).toList();
    List<float[]> chosen = new ArrayList<>();
    for (int i = 0; i < recipe.calibration().windows(); i++) {
      int[] candidates = classes.get(i % classes.size());
      if (candidates.length > 0) {
        chosen.add(windows.values(candidates[random.nextInt(candidates.length)]));
      }
    }
    return chosen;
  }

  /** The recipe's rule: the lowest threshold with few enough false accepts on development talk. */
  private int threshold(NdpModel model) {
    SceneComposer composer =
        Corpus.held(espeak, Split.DEVELOPMENT, recipe, workers, speaking("speak: development"));
    Recipe.Threshold rule = recipe.threshold();
    Examiner examiner = new Examiner(composer, model, detector(127), workers);
    Progress progress =
        progress("listen: development", (long) rule.environments().size() * rule.minutes());
    List<Tally> tallies =
        rule.environments().stream()
            .map(place -> examiner.examine(place, rule.minutes(), 0, progress))
            .toList();
    double hours = tallies.stream().mapToDouble(Tally::hours).sum();
    for (int threshold = -128; threshold < 127; threshold++) {
      int at = threshold;
      int falseAccepts = tallies.stream().mapToInt(t -> t.falseAccepts(at)).sum();
      if (falseAccepts / hours <= rule.falseAcceptsPerHour()) {
        out.printf(
            Locale.ROOT,
            "threshold %d: %d false accepts in %.1f h of development talk%n",
            threshold,
            falseAccepts,
            hours);
        return threshold;
      }
    }
    throw new IllegalStateException(
        String.format(
            Locale.ROOT,
            "threshold.falseAcceptsPerHour: no threshold gives %.2f on the development talk (126"
                + " gives %.2f); train longer or raise network.logitTemperature",
            rule.falseAcceptsPerHour(),
            tallies.stream().mapToInt(t -> t.falseAccepts(126)).sum() / hours));
  }

  private DetectorParameters detector(int threshold) {
    return new DetectorParameters(
        WindowSet.Label.WAKE.output(),
        threshold,
        recipe.detector().smoothingFrames(),
        recipe.detector().refractoryMillis());
  }

  private Map<AcousticEnvironment, Tally> measure(NdpModel model, DetectorParameters detector) {
    SceneComposer composer =
        Corpus.held(espeak, Split.TEST, recipe, workers, speaking("speak: evaluation"));
    Examiner examiner = new Examiner(composer, model, detector, workers);
    Recipe.Evaluation minutes = recipe.evaluation();
    Map<AcousticEnvironment, Tally> results = new EnumMap<>(AcousticEnvironment.class);
    for (AcousticEnvironment place : AcousticEnvironment.values()) {
      int scenes = minutes.talkMinutes() + minutes.wakeMinutes();
      Tally tally =
          examiner.examine(
              place,
              minutes.talkMinutes(),
              minutes.wakeMinutes(),
              progress("listen: " + place.label(), scenes));
      results.put(place, tally);
      int threshold = detector.thresholdScore();
      out.printf(
          Locale.ROOT,
          "%-10s %.2f false accepts/h (%d in %.1f h), %.1f %% of %d wakes missed%n",
          place.label(),
          tally.falseAccepts(threshold) / tally.hours(),
          tally.falseAccepts(threshold),
          tally.hours(),
          100.0 * tally.missed(threshold) / tally.attempts(),
          tally.attempts());
      out.flush();
    }
    return results;
  }

  private SpeechPool.Listener speaking(String job) {
    Progress[] progress = new Progress[1];
    return (done, total) -> {
      if (done == 1) {
        progress[0] = progress(job, total);
      }
      progress[0].done(done, "");
    };
  }

  private Progress progress(String job, long total) {
    return new Progress(out, clock, job, total);
  }
}
