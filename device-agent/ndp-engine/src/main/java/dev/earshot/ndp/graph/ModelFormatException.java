package dev.earshot.ndp.graph;

import java.io.IOException;

/**
 * The file is not a model that this engine can run: truncated, inconsistent, over a limit, or using
 * something that is not supported. The message names the operator or tensor and the limit, and is
 * meant to be shown to whoever pushed the file.
 */
public final class ModelFormatException extends IOException {
  private static final long serialVersionUID = 1L;

  public ModelFormatException(String message) {
    super(message);
  }
}
