package dev.earshot.ndp.differential;

import static org.junit.jupiter.api.Assumptions.abort;

import dev.earshot.tflite.TfLite;

/** TensorFlow Lite's library, where this platform has it. */
public final class RealTfLite {
  private RealTfLite() {}

  /** Skips the calling test where it can't be had. */
  public static TfLite library() {
    return switch (TfLite.load()) {
      case TfLite.Available(TfLite library) -> library;
      case TfLite.Unavailable(String reason) -> abort("skipped: " + reason);
    };
  }
}
