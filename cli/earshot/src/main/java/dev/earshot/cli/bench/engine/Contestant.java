package dev.earshot.cli.bench.engine;

/** What runs a model. */
enum Contestant {
  VECTOR("engine, Vector API"),
  /** By the Vector API too; only of a model that hears a stream. */
  NEW_FRAME("engine, one new frame of a stream"),
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

  /** Whether it can run this model. */
  boolean runs(TinyModel model) {
    return this != NEW_FRAME || model.listens();
  }

  boolean isOurs() {
    return this == VECTOR || this == NEW_FRAME || this == PLAIN;
  }
}
