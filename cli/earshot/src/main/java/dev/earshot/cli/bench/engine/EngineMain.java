package dev.earshot.cli.bench.engine;

import dev.earshot.cli.bench.Answers;
import dev.earshot.ndp.Execution;
import dev.earshot.ndp.NdpModel;
import dev.earshot.ndp.graph.ModelFormatException;
import dev.earshot.tflite.TfLite;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The process in which one model is measured. Questions: {@code about} (multiply-accumulates,
 * TensorFlow Lite's version), {@code time CONTESTANT SECONDS} (microseconds), {@code allocated
 * CONTESTANT} (bytes), {@code throughput THREADS SECONDS} (inferences a second), {@code memory}
 * (bytes of model, scratch and device).
 */
final class EngineMain {
  private final TinyModel model;
  private final TfLite library;
  private final Subjects subjects;
  private final NdpModel shared;
  private final Stopwatch stopwatch = new Stopwatch();

  private EngineMain(TinyModel model, byte[] file, TfLite library) throws ModelFormatException {
    this.model = model;
    this.library = library;
    this.subjects = new Subjects(file, library);
    this.shared = subjects.model(Execution.best());
  }

  /** Arguments: the {@link TinyModel} and its file. */
  public static void main(String[] args) {
    try {
      TfLite library =
          switch (TfLite.load()) {
            case TfLite.Available(TfLite loaded) -> loaded;
            case TfLite.Unavailable(String reason) -> throw new IOException(reason);
          };
      byte[] file = Files.readAllBytes(Path.of(args[1]));
      Answers.give(new EngineMain(TinyModel.valueOf(args[0]), file, library)::answer);
    } catch (IOException e) {
      Answers.fail(e);
    }
  }

  private String answer(String what, List<String> words) throws Exception {
    return switch (what) {
      case "about" -> shared.summary().macs() + " " + library.version();
      case "time" ->
          Double.toString(
              stopwatch.micros(
                  subjects.of(Contestant.valueOf(words.getFirst())),
                  Double.parseDouble(words.get(1))));
      case "allocated" ->
          Double.toString(
              stopwatch.allocatedBytes(subjects.of(Contestant.valueOf(words.getFirst()))));
      case "throughput" ->
          Double.toString(
              Throughput.perSecond(
                  () -> subjects.engine(shared),
                  Integer.parseInt(words.getFirst()),
                  Double.parseDouble(words.get(1))));
      case "memory" -> {
        Footprint footprint = Footprint.measure(subjects, model);
        yield footprint.modelBytes()
            + " "
            + footprint.scratchBytes()
            + " "
            + footprint.deviceBytes();
      }
      default -> throw new IOException("unknown question " + what);
    };
  }
}
