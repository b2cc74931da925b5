package dev.earshot.simulator.registry;

import java.util.concurrent.CompletionStage;

/** Gets small files from a registry. Safe for use by many threads. */
@FunctionalInterface
public interface ReleaseFiles {
  /**
   * The whole content at that path, such as {@code /v1/releases/hey-nova/1.0.0/manifest}. Fails
   * with an {@link java.io.IOException} that says what was asked and what came back.
   */
  CompletionStage<byte[]> get(String path);
}
