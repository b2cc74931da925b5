package dev.earshot.registry.release;

import dev.earshot.protocol.release.ReleaseManifest;

/** The four files of a release by their names: in its folder, and as targets of its manifest. */
public enum ReleaseFile {
  MODEL("model.tflite"),
  SELF_TEST("self-test.pb"),
  EVALUATION("evaluation.json"),
  CARD("card.yaml");

  private final String fileName;

  ReleaseFile(String fileName) {
    this.fileName = fileName;
  }

  public String fileName() {
    return fileName;
  }

  /** Digest and length that the manifest states for this file. */
  public ReleaseManifest.Target in(ReleaseManifest manifest) {
    return switch (this) {
      case MODEL -> manifest.model();
      case SELF_TEST -> manifest.selfTest();
      case EVALUATION -> manifest.evaluation();
      case CARD -> manifest.card();
    };
  }
}
