package dev.earshot.ndp.audio;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A WAV file's samples: 16-bit PCM, mono, or stereo of which the left channel is taken. Any sample
 * rate can be read; use {@link #read(Path, int)} where one is required.
 */
public final class WavFile {
  private static final int PCM = 1;
  private static final int EXTENSIBLE = 0xFFFE;

  private final int sampleRateHz;
  private final short[] samples;

  private WavFile(int sampleRateHz, short[] samples) {
    this.sampleRateHz = sampleRateHz;
    this.samples = samples;
  }

  /**
   * Reads a whole file into memory.
   *
   * @throws IOException when it is not such a file; the message names file, problem and remedy
   */
  public static WavFile read(Path file) throws IOException {
    return parse(ByteBuffer.wrap(Files.readAllBytes(file)), file.toString());
  }

  /** Reads a file that must have the given sample rate. */
  public static WavFile read(Path file, int sampleRateHz) throws IOException {
    WavFile wav = read(file);
    if (wav.sampleRateHz != sampleRateHz) {
      throw new IOException(
          "%s: %d Hz (expected: %d Hz; convert it, for example: sox in.wav -r %d out.wav)"
              .formatted(file, wav.sampleRateHz, sampleRateHz, sampleRateHz));
    }
    return wav;
  }

  public int sampleRateHz() {
    return sampleRateHz;
  }

  /** The samples themselves, not a copy: do not change them. */
  public short[] samples() {
    return samples;
  }

  static WavFile parse(ByteBuffer bytes, String name) throws IOException {
    ByteBuffer in = bytes.order(ByteOrder.LITTLE_ENDIAN);
    if (in.remaining() < 12 || !tag(in, 0).equals("RIFF") || !tag(in, 8).equals("WAVE")) {
      throw new IOException(name + ": not a WAV file (expected: RIFF and WAVE at its start)");
    }
    Format format = null;
    long at = 12;
    while (at + 8 <= in.limit()) {
      String tag = tag(in, (int) at);
      long size = Integer.toUnsignedLong(in.getInt((int) at + 4));
      long available = in.limit() - (at + 8);
      if (tag.equals("fmt ")) {
        format = Format.parse(in, (int) at + 8, Math.min(size, available), name);
      } else if (tag.equals("data")) {
        if (format == null) {
          throw new IOException(name + ": no 'fmt ' chunk before the samples");
        }
        // Writers that stream leave the size at 0 or at its maximum; then the samples are the rest.
        long length = size == 0 || size > 0xFFFF_FF00L ? available : size;
        if (length > available) {
          throw new IOException(
              "%s: truncated, %d bytes of samples (expected: %d)"
                  .formatted(name, available, length));
        }
        return new WavFile(format.sampleRateHz, format.left(in, (int) at + 8, (int) length));
      }
      at += 8 + size + (size & 1);
    }
    throw new IOException(name + ": no 'data' chunk, it holds no samples");
  }

  private static String tag(ByteBuffer in, int at) {
    byte[] tag = new byte[4];
    in.get(at, tag);
    return new String(tag, StandardCharsets.ISO_8859_1);
  }

  private record Format(int channels, int sampleRateHz) {
    static Format parse(ByteBuffer in, int at, long size, String name) throws IOException {
      if (size < 16) {
        throw new IOException(name + ": 'fmt ' chunk of " + size + " bytes (expected: 16 or more)");
      }
      int encoding = Short.toUnsignedInt(in.getShort(at));
      int channels = Short.toUnsignedInt(in.getShort(at + 2));
      int sampleRateHz = in.getInt(at + 4);
      int bits = Short.toUnsignedInt(in.getShort(at + 14));
      if ((encoding != PCM && encoding != EXTENSIBLE) || bits != 16) {
        throw new IOException(
            "%s: encoding %d with %d bits (expected: 16-bit PCM)".formatted(name, encoding, bits));
      }
      if (channels < 1 || channels > 2) {
        throw new IOException(name + ": " + channels + " channels (expected: mono or stereo)");
      }
      if (sampleRateHz < 1) {
        throw new IOException(name + ": sample rate " + sampleRateHz + " Hz (expected: > 0)");
      }
      return new Format(channels, sampleRateHz);
    }

    short[] left(ByteBuffer in, int at, int bytes) {
      short[] samples = new short[bytes / (2 * channels)];
      for (int i = 0; i < samples.length; i++) {
        samples[i] = in.getShort(at + 2 * channels * i);
      }
      return samples;
    }
  }
}
