package dev.earshot.cli.bench.mlperf;

import java.util.List;

/**
 * Results that others measured on their devices and published with MLPerf Tiny, for the reference
 * models. The chip that is modelled here has its own in {@code
 * dev.earshot.ndp.chip.PublishedResult}; these are what people compare it with.
 *
 * @param system and round of results
 * @param task that was run
 * @param millis of one inference
 * @param microjoules of one inference
 */
record Published(String system, Task task, double millis, double microjoules) {
  private static final String L4R5 = "STM32L4R5, 120 MHz (v1.2)";
  private static final String U575 = "STM32U575 (v1.2)";
  private static final String U385 = "STM32U385 (v1.3)";

  /** Single inferences. */
  static final List<Published> INFERENCES =
      List.of(
          new Published(L4R5, Task.KEYWORD_SPOTTING, 43.2, 1820),
          new Published(L4R5, Task.IMAGE_CLASSIFICATION, 165, 6919),
          new Published(L4R5, Task.VISUAL_WAKE_WORDS, 88.9, 3895),
          new Published(L4R5, Task.ANOMALY_DETECTION, 5.26, 203),
          new Published(U575, Task.KEYWORD_SPOTTING, 29.1, 656),
          new Published(U575, Task.IMAGE_CLASSIFICATION, 111, 2579),
          new Published(U575, Task.VISUAL_WAKE_WORDS, 59.3, 1355),
          new Published(U575, Task.ANOMALY_DETECTION, 3.43, 81.9),
          new Published(U385, Task.KEYWORD_SPOTTING, 48.3, 245),
          new Published(U385, Task.IMAGE_CLASSIFICATION, 182, 966),
          new Published(U385, Task.VISUAL_WAKE_WORDS, 98.7, 519),
          new Published(U385, Task.ANOMALY_DETECTION, 5.41, 31.8));

  /** Average power while listening for the streaming wake word (v1.3), the modelled chip first. */
  static final String LISTENING = "0.507 mW; STM32U385 3.98 mW, STM32L4R5 25.6 mW";

  /** Of a task. */
  static List<Published> of(Task task) {
    return INFERENCES.stream().filter(each -> each.task() == task).toList();
  }

  /** For example {@code STM32U575 (v1.2) 29.1 / 656.0}. */
  String text() {
    return system + " " + millis + " / " + microjoules;
  }
}
