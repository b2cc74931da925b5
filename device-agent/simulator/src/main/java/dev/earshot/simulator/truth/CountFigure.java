package dev.earshot.simulator.truth;

import java.util.function.ToLongFunction;

/** The figures of {@link Counts}, by the names that reports and expectations use. */
public enum CountFigure {
  LISTENING_MILLIS("listening ms", Counts::listeningMillis),
  WAKES("wakes", Counts::wakes),
  FALSE_ACCEPTS("false accepts", Counts::falseAccepts),
  SUSPECTED_FALSE_REJECTS("suspected false rejects", Counts::suspectedFalseRejects),
  INFERENCES("inferences", Counts::inferences),
  CHIP_MICROJOULES("chip energy uJ", Counts::chipMicrojoules),
  BATTERY_DROP("battery drop 1e-6 %", Counts::socDropMillionths),
  DISCHARGE_MILLIS("on battery ms", Counts::dischargeMillis),
  CRASHFREE_MILLIS("crash-free ms", Counts::crashfreeMillis),
  REBOOTS("unexpected reboots", Counts::reboots);

  private final String title;
  private final ToLongFunction<Counts> value;

  CountFigure(String title, ToLongFunction<Counts> value) {
    this.title = title;
    this.value = value;
  }

  /** Its name, with its unit where it has one. */
  public String title() {
    return title;
  }

  /** Its value. */
  public long of(Counts counts) {
    return value.applyAsLong(counts);
  }
}
