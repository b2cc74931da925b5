package dev.earshot.cli.bench.engine;

/** What runs a model. */
enum Contestant {
  VECTOR("engine, Vector API"),
  PLAIN("engine, plain"),
  XNNPACK("TensorFlow Lite, XNNPACK"),
  OPTIMIZED("TensorFlow Lite, optimized kernels"),
  REFERENCE("TensorFlow Lite, reference kernels");

  private final String title;

  Contestant(String title) {
    this.title = title;
  }

  String title() {
    return title;
  }

  boolean isOurs() {
    return this == VECTOR || this == PLAIN;
  }
}
