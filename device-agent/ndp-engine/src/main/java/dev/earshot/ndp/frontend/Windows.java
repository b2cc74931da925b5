package dev.earshot.ndp.frontend;

/**
 * What all kinds of front ends share. Not default methods of {@link FrontEndParameters}: with them,
 * loading a kind would load its constants, which are of that kind, and two threads could wait for
 * each other.
 */
final class Windows {
  private Windows() {}

  static long hopMicros(FrontEndParameters of) {
    return of.hopSamples() * 1_000_000L / of.sampleRateHz();
  }

  static long frames(FrontEndParameters of, long samples) {
    return samples < of.windowSamples() ? 0 : (samples - of.windowSamples()) / of.hopSamples() + 1;
  }

  static void requireWindows(int sampleRateHz, int windowSamples, int hopSamples) {
    require(sampleRateHz >= 1000 && sampleRateHz <= 192_000, "sampleRateHz", sampleRateHz);
    require(windowSamples >= 16 && windowSamples <= 65_536, "windowSamples", windowSamples);
    require(hopSamples >= 1 && hopSamples <= windowSamples, "hopSamples", hopSamples);
  }

  static void requireBands(int sampleRateHz, int melBins, double lowHz, double highHz) {
    require(melBins >= 1 && melBins <= 1024, "melBins", melBins);
    require(lowHz >= 0 && lowHz < highHz, "lowHz", lowHz);
    require(highHz <= sampleRateHz / 2.0, "highHz", highHz);
  }

  static void require(boolean holds, String name, Object value) {
    if (!holds) {
      throw new IllegalArgumentException("front end " + name + ": " + value + " is out of range");
    }
  }
}
