package dev.earshot.cli.bench.mlperf;

import dev.earshot.cli.UserError;
import dev.earshot.cli.model.TensorCsv;
import dev.earshot.ndp.NdpModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Inputs whose classes are known.
 *
 * @param source for people
 * @param examples at least one
 */
record LabelledInputs(String source, List<Example> examples) {
  LabelledInputs {
    examples = List.copyOf(examples);
  }

  /** What the data folder has for a model; nothing when it has no labelled inputs for the task. */
  static Optional<LabelledInputs> of(DataFolder data, Task task, NdpModel model) {
    Optional<LabelFile> labels = data.labels(task).map(LabelFile::read);
    if (labels.isPresent() && !labels.get().entries().isEmpty()) {
      return Optional.of(files(labels.get(), task, model));
    }
    return data.vectors(task.prefix() + "_inputs").flatMap(file -> rows(file, model));
  }

  private static LabelledInputs files(LabelFile labels, Task task, NdpModel model) {
    List<Example> examples = new ArrayList<>();
    for (LabelFile.Entry entry : labels.entries()) {
      byte[] input = entry.read();
      if (input.length != model.inputElements()) {
        throw new UserError(
            "%s: %d bytes (expected: %d, one for each input of the model)"
                .formatted(entry.input(), input.length, model.inputElements()));
      }
      if (task != Task.KEYWORD_SPOTTING) {
        signed(input);
      }
      examples.add(new Example(entry.name(), label(labels.file(), entry.label(), model), input));
    }
    return new LabelledInputs(labels.source(), examples);
  }

  /** Pictures are stored as bytes 0 to 255; the models' inputs are those less 128. */
  private static void signed(byte[] pixels) {
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (Byte.toUnsignedInt(pixels[i]) - 128);
    }
  }

  private static Optional<LabelledInputs> rows(Path file, NdpModel model) {
    List<Example> examples = new ArrayList<>();
    try (TensorCsv rows = TensorCsv.open(file, 'x', model.inputElements())) {
      byte[] input = new byte[model.inputElements()];
      while (rows.next(input)) {
        String label = rows.text("label");
        if (label == null) {
          return Optional.empty();
        }
        examples.add(
            new Example(
                rows.rowName(),
                label(file, parsed(file, rows.line(), label), model),
                input.clone()));
      }
    }
    return examples.isEmpty()
        ? Optional.empty()
        : Optional.of(new LabelledInputs(String.valueOf(file.getFileName()), examples));
  }

  private static int parsed(Path file, int line, String label) {
    try {
      return Integer.parseInt(label);
    } catch (NumberFormatException e) {
      throw new UserError(
          "%s, line %d, column label: '%s' (expected: the number of a class)"
              .formatted(file, line, label),
          e);
    }
  }

  private static int label(Path file, int label, NdpModel model) {
    if (label < 0 || label >= model.outputElements()) {
      throw new UserError(
          "%s: class %d (expected: below the model's %d outputs)"
              .formatted(file, label, model.outputElements()));
    }
    return label;
  }
}
