package dev.earshot.cli.bench.mlperf;

import dev.earshot.cli.model.TensorCsv;
import dev.earshot.ndp.Inference;
import dev.earshot.ndp.NdpModel;
import dev.earshot.ndp.kernel.Rounding;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Outputs beside those of a real TensorFlow Lite, row by row, for the benchmark's reference models.
 *
 * @param equal rows that are equal in every bit
 * @param total rows
 * @param right rows whose largest reference output is their label's; 0 where rows have no labels
 */
record ReferenceRows(int equal, int total, int right) {
  private static final ReferenceRows NONE = new ReferenceRows(0, 0, 0);

  /** What the vectors of each reference model begin with. */
  private static final Map<String, String> PREFIXES =
      Map.of(
          "kws_ref_model", "kws",
          "str_ww_ref_model", "sww",
          "vww_96_int8", "vww",
          "pretrainedResnet_quant", "ic",
          "pretrainedResnet_large_int8", "iclarge",
          "ad01_int8", "ad");

  /** Compares; nothing when the model is no reference model, or no outputs are there. */
  static Optional<ReferenceRows> of(DataFolder data, String modelName, NdpModel model) {
    String prefix = PREFIXES.get(modelName);
    if (prefix == null) {
      return Optional.empty();
    }
    ReferenceRows sum = NONE;
    for (String set : List.of(prefix, prefix + "_random", prefix + "_calib")) {
      Optional<Path> inputs = data.vectors(set + "_inputs");
      Optional<Path> outputs = data.vectors(set + outputs(model.rounding()));
      if (inputs.isPresent() && outputs.isPresent()) {
        sum = sum.and(compare(model, inputs.get(), outputs.get()));
      }
    }
    return sum.total == 0 ? Optional.empty() : Optional.of(sum);
  }

  private static String outputs(Rounding rounding) {
    return switch (rounding) {
      case TFLITE_2_20 -> "_outputs_ref";
      case TFLITE_LEGACY -> "_outputs_ref219";
    };
  }

  private static ReferenceRows compare(NdpModel model, Path inputs, Path outputs) {
    Inference inference = model.newInference();
    byte[] input = new byte[model.inputElements()];
    byte[] output = new byte[model.outputElements()];
    byte[] expected = new byte[model.outputElements()];
    ReferenceRows sum = NONE;
    try (TensorCsv in = TensorCsv.open(inputs, 'x', input.length);
        TensorCsv out = TensorCsv.open(outputs, 'y', expected.length)) {
      while (in.next(input) && out.next(expected)) {
        inference.run(input, 0, output, 0);
        String label = out.text("label");
        boolean right =
            label != null && label.equals(String.valueOf(Evaluations.largest(expected)));
        sum = sum.and(new ReferenceRows(Arrays.equals(output, expected) ? 1 : 0, 1, right ? 1 : 0));
      }
    }
    return sum;
  }

  private ReferenceRows and(ReferenceRows other) {
    return new ReferenceRows(equal + other.equal, total + other.total, right + other.right);
  }

  boolean allEqual() {
    return equal == total;
  }
}
