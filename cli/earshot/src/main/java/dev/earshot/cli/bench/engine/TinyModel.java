package dev.earshot.cli.bench.engine;

import java.util.Locale;

/** The int8 reference models of MLPerf Tiny, and how fast the engine has to be on each. */
enum TinyModel {
  /** Keyword spotting. */
  KWS("kws_ref_model.tflite", 1.2),
  /** Person detection. */
  VWW("vww_96_int8.tflite", 1.5),
  /** Image classification. */
  IC("pretrainedResnet_quant.tflite", 2.5),
  /** Its large variant; no limit is set. */
  ICLARGE("pretrainedResnet_large_int8.tflite", 0),
  /** Anomaly detection. */
  AD("ad01_int8.tflite", 2.5),
  /** Streaming wake word. */
  SWW("str_ww_ref_model.tflite", 1.5);

  private final String fileName;
  private final double limit;

  TinyModel(String fileName, double limit) {
    this.fileName = fileName;
    this.limit = limit;
  }

  /** What the benchmark calls it. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  String fileName() {
    return fileName;
  }

  /** The highest ratio of the engine's time to XNNPACK's; 0 for any. */
  double limit() {
    return limit;
  }

  /** Whether its input is a window of frames that the streaming front end makes. */
  boolean listens() {
    return this == SWW;
  }
}
