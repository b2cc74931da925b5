package dev.earshot.agent.device;

import dev.earshot.ndp.audio.WavFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/** Where the audio comes from: 16 kHz, 16-bit, one channel. */
sealed interface AudioSource {
  int SAMPLE_RATE_HZ = 16_000;

  /**
   * A file.
   *
   * @param repeat plays it again and again
   * @param realTime at the pace of time, else as fast as it can
   */
  @SuppressWarnings("ArrayRecordComponent") // audio, compared by nobody
  record Recording(short[] samples, boolean repeat, boolean realTime) implements AudioSource {
    static Recording read(Path file, boolean repeat, boolean realTime) throws IOException {
      WavFile wav = WavFile.read(file, SAMPLE_RATE_HZ);
      if (wav.samples().length == 0) {
        throw new IOException(file + ": holds no audio");
      }
      return new Recording(wav.samples(), repeat, realTime);
    }
  }

  /** A microphone, through a pipe: samples, low byte first, as they come. */
  record Live(InputStream samples) implements AudioSource {}
}
