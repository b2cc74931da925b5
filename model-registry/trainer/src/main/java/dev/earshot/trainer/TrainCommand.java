package dev.earshot.trainer;

import dev.earshot.trainer.recipe.Recipe;
import dev.earshot.trainer.recipe.RecipeReader;
import dev.earshot.trainer.release.ReleaseFiles;
import dev.earshot.trainer.release.ReleaseTraining;
import dev.earshot.trainer.release.SceneFolder;
import dev.earshot.trainer.release.TrainedRelease;
import dev.earshot.trainer.speech.EspeakNg;
import dev.earshot.trainer.work.Workers;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code train}: makes a release from a recipe. Exit code 0 when all files are written. */
@Command(
    name = "train",
    mixinStandardHelpOptions = true,
    description = {
      "Trains a wake-word model from a recipe: speech by espeak-ng, generated noise, the engine's"
          + " own front end, a small network, int8 quantization, an evaluation on held-out audio.",
      "The recipe decides everything. The same recipe gives the same bytes on the same kind of"
          + " processor with the same versions of espeak-ng, the JDK and PyTorch."
    })
public final class TrainCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--recipe",
      required = true,
      paramLabel = "FILE",
      description = "The recipe (YAML).")
  private @Nullable Path recipe;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Where the release's files go. Default: the recipe's own folder.")
  private @Nullable Path out;

  @Option(
      names = "--model",
      paramLabel = "FILE",
      description =
          "Do not train: choose the threshold for this model of the recipe and measure it again.")
  private @Nullable Path model;

  @Option(
      names = "--scenes",
      paramLabel = "DIR",
      description = {
        "Do not train: write the first minutes of the audio that the recipe's evaluation listens to,",
        "as WAV files with an index, for simulated devices that hear real waveforms (fidelity",
        "audio)."
      })
  private @Nullable Path scenes;

  @Option(
      names = "--scene-minutes",
      paramLabel = "N",
      defaultValue = "20",
      description =
          "With --scenes: minutes of talk in each environment, 1 to 150, some 2 MB each; with a"
              + " quarter as many of wake words. Default: ${DEFAULT-VALUE}.")
  private int sceneMinutes;

  @Option(
      names = "--cache",
      paramLabel = "DIR",
      description = "Where spoken clips are remembered. Default: ~/.earshot/speech.")
  private @Nullable Path cache;

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "2",
      description = "Threads for composing and listening; does not change the result.")
  private int threads;

  @Override
  public Integer call() {
    PrintWriter console = Objects.requireNonNull(spec).commandLine().getOut();
    PrintWriter errors = spec.commandLine().getErr();
    Path file = Objects.requireNonNull(recipe).toAbsolutePath();
    try (Workers workers = new Workers(Math.max(1, threads))) {
      byte[] content = Files.readAllBytes(file);
      Recipe parsed = RecipeReader.read(content);
      EspeakNg espeak = new EspeakNg(cache == null ? defaultCache() : cache);
      if (scenes != null) {
        console.println(
            "wrote " + render(parsed, espeak, workers, scenes) + " minutes of scenes to " + scenes);
        return 0;
      }
      ReleaseTraining training =
          new ReleaseTraining(parsed, espeak, workers, console, InstantSource.system());
      Path folder = out == null ? Objects.requireNonNull(file.getParent()) : out;
      TrainedRelease release =
          training.run(
              model == null ? null : Files.readAllBytes(model),
              tflite -> ReleaseFiles.writeModel(folder, tflite));
      ReleaseFiles.write(folder, parsed, content, release);
      console.println("wrote " + parsed.release() + " to " + folder);
      return 0;
    } catch (NoSuchFileException e) {
      errors.println("train: no such file: " + e.getFile());
      return 1;
    } catch (IllegalArgumentException | IllegalStateException | IOException e) {
      errors.println("train: " + e.getMessage());
      return 1;
    }
  }

  private int render(Recipe parsed, EspeakNg espeak, Workers workers, Path folder)
      throws IOException {
    if (sceneMinutes < 1 || sceneMinutes > 150) {
      throw new IllegalArgumentException(
          "--scene-minutes: " + sceneMinutes + " (expected: 1 to 150)");
    }
    return new SceneFolder(folder, parsed, espeak, workers)
        .write(sceneMinutes, Math.max(1, sceneMinutes / 4));
  }

  private static Path defaultCache() {
    return Path.of(System.getProperty("user.home", "."), ".earshot", "speech");
  }
}
