package dev.earshot.trainer.recipe;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.earshot.protocol.release.ReleaseRef;
import dev.earshot.trainer.network.Architecture;
import dev.earshot.trainer.noise.AcousticEnvironment;
import dev.earshot.trainer.quantize.WeightFormat;
import dev.earshot.trainer.speech.SpeechPool;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** YAML to {@link Recipe}. Refuses unknown keys and values out of range, naming the field. */
public final class RecipeReader {
  private static final YAMLMapper YAML = new YAMLMapper();
  private static final int DAY_MINUTES = 24 * 60;

  private RecipeReader() {}

  /**
   * Reads a recipe.
   *
   * @throws IllegalArgumentException naming the field that is wrong, and what was expected
   */
  public static Recipe read(byte[] yaml) {
    Fields root = new Fields("", tree(yaml));
    Recipe recipe =
        new Recipe(
            new ReleaseRef(root.text("name"), root.text("version")),
            root.integer("counter", 1, Integer.MAX_VALUE),
            description(root),
            root.has("parent") ? ReleaseRef.parse(root.text("parent")) : null,
            root.words("chips", chip -> chip),
            root.longInteger("seed"),
            speech(root.child("speech")),
            training(root.child("training")),
            network(root.child("network")),
            calibration(root.child("calibration")),
            detector(root.child("detector")),
            threshold(root.child("threshold")),
            evaluation(root.child("evaluation")));
    root.refuseUnknown();
    return recipe;
  }

  private static JsonNode tree(byte[] yaml) {
    try {
      return YAML.readTree(new String(yaml, StandardCharsets.UTF_8));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("recipe: not YAML: " + e.getOriginalMessage(), e);
    }
  }

  private static String description(Fields root) {
    String text = root.text("description");
    if (text.length() > 200 || text.contains("\n")) {
      throw new IllegalArgumentException(
          "description: " + text.length() + " characters (expected: one line of at most 200)");
    }
    return text;
  }

  private static SpeechPool.Size speech(Fields fields) {
    SpeechPool.Size size =
        new SpeechPool.Size(
            fields.integer("speakers", 1, 100),
            fields.number("foreignShare", 0, 1),
            fields.integer("wakeClips", 1, 100_000),
            fields.integer("talkClips", 1, 100_000),
            fields.integer("confusableClips", 0, 100_000));
    fields.refuseUnknown();
    return size;
  }

  private static Recipe.Training training(Fields fields) {
    Recipe.Training training =
        new Recipe.Training(
            minutes(fields.child("talkMinutes")),
            minutes(fields.child("wakeMinutes")),
            fields.number("confusableShare", 0, 1),
            fields.number("voiceSpread", 0, 0.3),
            fields.integer("epochs", 1, 1000),
            fields.integer("windowsPerEpoch", 8, 10_000_000),
            fields.integer("batchSize", 8, 4096),
            fields.number("learningRate", 1e-6, 1),
            fields.number("labelSmoothing", 0, 0.3),
            fields.integer("miningRounds", 0, 10));
    fields.refuseUnknown();
    return training;
  }

  private static Recipe.Network network(Fields fields) {
    Recipe.Network network =
        new Recipe.Network(
            architecture(fields), weights(fields), fields.number("logitTemperature", 0.1, 100));
    fields.refuseUnknown();
    return network;
  }

  private static WeightFormat weights(Fields fields) {
    if (!fields.has("weights")) {
      return WeightFormat.INT8;
    }
    try {
      return WeightFormat.of(fields.text("weights"));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("network.weights: " + e.getMessage(), e);
    }
  }

  private static Architecture architecture(Fields fields) {
    if (fields.has("hidden")) {
      if (fields.has("blocks")) {
        throw new IllegalArgumentException(
            "network.hidden: there are blocks, too (expected: one of them)");
      }
      return new Architecture.FullyConnected(fields.integers("hidden"));
    }
    List<Architecture.Block> blocks =
        fields.children("blocks").stream()
            .map(
                block -> {
                  Architecture.Block parsed =
                      new Architecture.Block(
                          block.integer("time", 1, 30), block.integer("channels", 1, 256));
                  block.refuseUnknown();
                  return parsed;
                })
            .toList();
    return new Architecture.Convolutional(blocks);
  }

  private static Recipe.Calibration calibration(Fields fields) {
    Recipe.Calibration calibration =
        new Recipe.Calibration(environments(fields), fields.integer("windows", 1, 100_000));
    fields.refuseUnknown();
    return calibration;
  }

  private static Recipe.Detector detector(Fields fields) {
    Recipe.Detector detector =
        new Recipe.Detector(
            fields.integer("smoothingFrames", 1, 64),
            fields.integer("refractoryMillis", 0, 60_000));
    fields.refuseUnknown();
    return detector;
  }

  private static Recipe.Threshold threshold(Fields fields) {
    Recipe.Threshold threshold =
        new Recipe.Threshold(
            environments(fields),
            fields.integer("minutes", 1, DAY_MINUTES),
            fields.number("falseAcceptsPerHour", 0, 1000));
    fields.refuseUnknown();
    return threshold;
  }

  private static Recipe.Evaluation evaluation(Fields fields) {
    Recipe.Evaluation evaluation =
        new Recipe.Evaluation(
            fields.longInteger("seed"),
            fields.integer("talkMinutes", 1, 100 * DAY_MINUTES),
            fields.integer("wakeMinutes", 1, DAY_MINUTES));
    fields.refuseUnknown();
    return evaluation;
  }

  /** Minutes by environment; those not named have none. */
  private static Map<AcousticEnvironment, Integer> minutes(Fields fields) {
    Map<AcousticEnvironment, Integer> minutes = new EnumMap<>(AcousticEnvironment.class);
    for (AcousticEnvironment environment : AcousticEnvironment.values()) {
      if (fields.has(environment.label())) {
        minutes.put(environment, fields.integer(environment.label(), 1, DAY_MINUTES));
      }
    }
    fields.refuseUnknown();
    return minutes;
  }

  private static List<AcousticEnvironment> environments(Fields fields) {
    return fields.words("environments", AcousticEnvironment::of);
  }
}
