package dev.earshot.cli.model;

import dev.earshot.cli.UserError;
import dev.earshot.ndp.Execution;
import dev.earshot.ndp.NdpModel;
import dev.earshot.ndp.graph.ModelFormatException;
import dev.earshot.ndp.kernel.Rounding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reads models that a user names. */
public final class ModelFiles {
  /** The engine reads no larger ones; this keeps a wrong file from being loaded at all. */
  private static final long MOST_BYTES = 64L << 20;

  private ModelFiles() {}

  /**
   * Reads a model.
   *
   * @throws UserError naming the file and what is wrong with it
   */
  public static NdpModel read(Path file, Rounding rounding, Execution execution) {
    try {
      long bytes = Files.size(file);
      if (bytes > MOST_BYTES) {
        throw new UserError(file + ": " + bytes + " bytes (expected: a model of at most 64 MiB)");
      }
      return NdpModel.parse(Files.readAllBytes(file), rounding, execution);
    } catch (ModelFormatException e) {
      throw new UserError(file + ": " + e.getMessage(), e);
    } catch (NoSuchFileException e) {
      throw new UserError(file + ": no such file (expected: a .tflite model)", e);
    } catch (IOException e) {
      throw new UserError(file + ": can't be read (" + e.getMessage() + ")", e);
    }
  }
}
