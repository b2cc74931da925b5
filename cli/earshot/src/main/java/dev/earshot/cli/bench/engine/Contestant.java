package dev.earshot.cli.bench.engine;

import dev.earshot.ndp.Execution;

/** What runs a model. */
enum Contestant {
  MACHINE("engine, machine code"),
  VECTOR("engine, Vector API"),
  /** The fastest way that is possible; only of a model that hears a stream. */
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

  /** Whether it can run this model here. */
  boolean runs(TinyModel model) {
    return switch (this) {
      case MACHINE -> Execution.MACHINE.isPossible();
      case NEW_FRAME -> model.listens();
      case VECTOR, PLAIN, XNNPACK, OPTIMIZED, REFERENCE -> true;
    };
  }

  boolean isOurs() {
    return switch (this) {
      case MACHINE, VECTOR, NEW_FRAME, PLAIN -> true;
      case XNNPACK, OPTIMIZED, REFERENCE -> false;
    };
  }
}
