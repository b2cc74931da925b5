package dev.earshot.cli.bench.mlperf;

import dev.earshot.cli.UserError;
import dev.earshot.cli.model.ModelFiles;
import dev.earshot.ndp.Execution;
import dev.earshot.ndp.NdpModel;
import dev.earshot.ndp.kernel.Rounding;
import dev.earshot.protocol.release.Evaluation;
import dev.earshot.registry.release.EvaluationReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A model to be measured.
 *
 * @param name of its file, or of its folder where the file is just called {@code model.tflite}
 * @param model itself
 * @param task that its input and output fit; null for none, and for a release with an evaluation of
 *     its own, whose wake word the benchmark does not speak
 * @param evaluation beside it, for a release
 */
record Candidate(
    String name, NdpModel model, @Nullable Task task, @Nullable Evaluation evaluation) {

  /** All models that the user names: files, and those in folders and the folders in them. */
  static List<Candidate> all(List<Path> places, Rounding rounding, Execution execution) {
    List<Candidate> candidates = new ArrayList<>();
    for (Path place : places) {
      if (Files.isDirectory(place)) {
        Folders.filesBelow(place, ".tflite")
            .forEach(file -> candidates.add(of(file, rounding, execution)));
      } else {
        candidates.add(of(place, rounding, execution));
      }
    }
    if (candidates.isEmpty()) {
      throw new UserError("--models: no .tflite file in " + places);
    }
    // In the order of tasks; releases last.
    return candidates.stream()
        .sorted(
            Comparator.comparing(Candidate::task, Comparator.nullsLast(Comparator.naturalOrder())))
        .toList();
  }

  private static Candidate of(Path file, Rounding rounding, Execution execution) {
    NdpModel model = ModelFiles.read(file, rounding, execution);
    Evaluation evaluation = evaluation(file.resolveSibling("evaluation.json"));
    String stem = file.getFileName().toString().replaceFirst("\\.tflite$", "");
    Path folder = file.toAbsolutePath().normalize().getParent();
    return new Candidate(
        stem.equals("model") && folder != null ? String.valueOf(folder.getFileName()) : stem,
        model,
        evaluation == null ? Task.of(model).orElse(null) : null,
        evaluation);
  }

  private static @Nullable Evaluation evaluation(Path file) {
    if (!Files.isRegularFile(file)) {
      return null;
    }
    try {
      return EvaluationReader.parse(Files.readAllBytes(file));
    } catch (IOException | IllegalArgumentException e) {
      throw new UserError(file + ": " + e.getMessage(), e);
    }
  }

  /** What it is for, for people. */
  String purpose() {
    return Optional.ofNullable(task)
        .map(Task::title)
        .orElse(evaluation == null ? "unknown" : "wake word (release)");
  }
}
