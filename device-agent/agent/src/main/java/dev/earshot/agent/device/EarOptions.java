package dev.earshot.agent.device;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a device hears, and with what: the flags. */
final class EarOptions {
  @Option(
      names = "--audio",
      paramLabel = "FILE.wav",
      description = {
        "What it hears: 16 kHz, 16-bit PCM; of stereo, the left channel.",
        "'-': raw samples from standard input (little-endian, mono), as they come."
      })
  private @Nullable Path audio;

  @Option(
      names = "--model",
      paramLabel = "FILE.tflite",
      description = "The model; with --gateway, what a new device starts with.")
  private @Nullable Path model;

  @Option(
      names = "--card",
      paramLabel = "FILE.yaml",
      description = "The model's card: release name and detector.")
  private @Nullable Path card;

  @Option(
      names = "--threshold",
      paramLabel = "SCORE",
      description = "Wake above this int8 score, -128 to 127.")
  private @Nullable Integer threshold;

  @Option(
      names = "--smoothing",
      paramLabel = "FRAMES",
      description = "Average the score over so many inferences, 1 to 64.")
  private @Nullable Integer smoothing;

  @Option(
      names = "--refractory",
      paramLabel = "MS",
      description = "Do not wake again for so long, 0 to 60000 ms.")
  private @Nullable Integer refractory;

  @Option(
      names = "--loop",
      arity = "0",
      description = "Play the file again and again (only with --gateway).")
  private @Nullable Boolean loop;

  @Option(names = "--realtime", description = "Play at the pace of time (default with --gateway).")
  private boolean realTime;

  @Option(names = "--fast", description = "Play as fast as possible (default without --gateway).")
  private boolean fast;

  DeviceConfig.Ear said() {
    return new DeviceConfig.Ear(audio, loop, model, card, threshold, smoothing, refractory);
  }

  /** Whether the file is played at the pace of time. */
  boolean realTime(boolean usual) {
    return usual ? !fast : realTime && !fast;
  }
}
