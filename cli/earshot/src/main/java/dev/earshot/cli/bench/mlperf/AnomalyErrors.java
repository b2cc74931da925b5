package dev.earshot.cli.bench.mlperf;

import dev.earshot.cli.UserError;
import dev.earshot.cli.bench.mlperf.Quality.Curve;
import dev.earshot.ndp.Inference;
import dev.earshot.ndp.NdpModel;
import dev.earshot.ndp.graph.Quantization;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How badly an autoencoder rebuilds each file. A file is a spectrogram of little-endian float32; a
 * window of it, quantized, is the model's input. A window's error is the mean of the squared
 * differences between the output and the values before they were quantized; a file's is the mean
 * over its windows.
 *
 * @param files one for each labelled file
 */
record AnomalyErrors(List<FileError> files) {
  private static final Pattern MACHINE = Pattern.compile("_id_(\\d+)_");

  /**
   * One file.
   *
   * @param machine that made the sound; empty where the name does not say
   * @param anomaly whether it is out of order
   * @param error in the features' unit squared
   */
  record FileError(String machine, boolean anomaly, double error) {}

  AnomalyErrors {
    files = List.copyOf(files);
  }

  static AnomalyErrors of(NdpModel model, LabelFile labels) {
    Inference inference = model.newInference();
    List<FileError> files = new ArrayList<>();
    for (LabelFile.Entry entry : labels.entries()) {
      Matcher machine = MACHINE.matcher(entry.name());
      files.add(
          new FileError(
              machine.find() ? machine.group(1) : "", entry.label() == 1, error(inference, entry)));
    }
    return new AnomalyErrors(files);
  }

  private static double error(Inference inference, LabelFile.Entry entry) {
    NdpModel model = inference.model();
    if (entry.windowBytes() != model.inputElements() * Float.BYTES) {
      throw new UserError(
          "%s: windows of %d bytes (expected: %d, a float32 for each input of the model)"
              .formatted(entry.input(), entry.windowBytes(), model.inputElements() * Float.BYTES));
    }
    ByteBuffer spectrogram = ByteBuffer.wrap(entry.read()).order(ByteOrder.LITTLE_ENDIAN);
    int windows = 0;
    double sum = 0;
    for (int at = 0;
        at + entry.windowBytes() <= spectrogram.capacity();
        at += entry.strideBytes()) {
      sum += windowError(inference, spectrogram, at);
      windows++;
    }
    if (windows == 0) {
      throw new UserError(
          "%s: %d bytes (expected: at least one window of %d)"
              .formatted(entry.input(), spectrogram.capacity(), entry.windowBytes()));
    }
    return sum / windows;
  }

  private static double windowError(Inference inference, ByteBuffer spectrogram, int at) {
    NdpModel model = inference.model();
    Quantization in = model.input().requireQuantization();
    Quantization out = model.output().requireQuantization();
    byte[] input = new byte[model.inputElements()];
    for (int i = 0; i < input.length; i++) {
      input[i] = in.quantize(spectrogram.getFloat(at + i * Float.BYTES));
    }
    byte[] output = inference.run(input);
    double sum = 0;
    for (int i = 0; i < output.length; i++) {
      double difference = out.dequantize(output[i]) - spectrogram.getFloat(at + i * Float.BYTES);
      sum += difference * difference;
    }
    return sum / output.length;
  }

  /** What the errors tell apart; nothing without files of both kinds. */
  Optional<Quality> curve(Task task) {
    double over = area(files);
    if (Double.isNaN(over)) {
      return Optional.empty();
    }
    double mean =
        files.stream()
            .map(FileError::machine)
            .distinct()
            .mapToDouble(machine -> area(of(machine)))
            .average()
            .orElse(Double.NaN);
    boolean named = files.stream().noneMatch(file -> file.machine().isEmpty());
    return Optional.of(
        new Curve(
            over, named ? mean : Double.NaN, files.size(), task.target(), task.evaluationInputs()));
  }

  private List<FileError> of(String machine) {
    return files.stream().filter(file -> file.machine().equals(machine)).toList();
  }

  /**
   * Area under the receiver operating characteristic: the probability that an anomalous file has a
   * larger error than a normal one, equal errors counting half (Mann and Whitney's U). Not a number
   * without files of both kinds.
   */
  static double area(List<FileError> files) {
    List<FileError> anomalies = files.stream().filter(FileError::anomaly).toList();
    List<FileError> normals = files.stream().filter(file -> !file.anomaly()).toList();
    double above = 0;
    for (FileError anomaly : anomalies) {
      for (FileError normal : normals) {
        int order = Double.compare(anomaly.error(), normal.error());
        above += order > 0 ? 1 : order == 0 ? 0.5 : 0;
      }
    }
    return above / ((double) anomalies.size() * normals.size());
  }
}
