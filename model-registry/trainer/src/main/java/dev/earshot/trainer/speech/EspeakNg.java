package dev.earshot.trainer.speech;

import dev.earshot.trainer.audio.Clip;
import dev.earshot.trainer.audio.Resampler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * Speech by the program espeak-ng, one process for each utterance, remembered in a folder. The same
 * version of the program gives the same samples for the same words.
 */
public final class EspeakNg {
  private static final String PROGRAM = "espeak-ng";

  private final Path cache;
  private final String program;
  private final String version;

  /**
   * @param cache where spoken utterances are kept; made when missing
   * @throws IllegalStateException when the program is not installed, with the way to install it
   */
  public EspeakNg(Path cache) throws IOException {
    this(cache, PROGRAM);
  }

  EspeakNg(Path cache, String program) throws IOException {
    this.program = program;
    this.cache = Files.createDirectories(cache);
    this.version = version();
  }

  /** What the program calls itself, without its data folder; part of what a result depends on. */
  public String programVersion() {
    return version;
  }

  /** Speaks, trimmed of the silence around it. May be called by several threads. */
  public Clip speak(Voice voice, String text) {
    try {
      Path file = cache.resolve(key(voice, text) + ".pcm");
      byte[] pcm;
      if (Files.exists(file)) {
        pcm = Files.readAllBytes(file);
      } else {
        pcm = encode(synthesise(voice, text).trimmed(38));
        Path fresh = Files.createTempFile(cache, "fresh", ".pcm");
        Files.write(fresh, pcm);
        Files.move(
            fresh, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
      }
      return decode(pcm);
    } catch (IOException e) {
      throw new UncheckedIOException("speech cache " + cache + ": " + e.getMessage(), e);
    }
  }

  private Clip synthesise(Voice voice, String text) throws IOException {
    byte[] wav =
        run(
            List.of(
                program,
                "-v",
                voice.espeakName(),
                "-s",
                Integer.toString(voice.wordsPerMinute()),
                "-p",
                Integer.toString(voice.pitch()),
                "--stdout",
                text));
    ByteBuffer bytes = ByteBuffer.wrap(wav).order(ByteOrder.LITTLE_ENDIAN);
    if (wav.length <= 44 || bytes.getInt(0) != 0x46464952 || bytes.getShort(34) != 16) {
      throw new IOException(
          program
              + " gave no 16-bit WAV for voice "
              + voice.espeakName()
              + ", text '"
              + text
              + "'");
    }
    int rate = bytes.getInt(24);
    float[] samples = new float[(wav.length - 44) / 2];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = bytes.getShort(44 + 2 * i) / 32768f;
    }
    return new Clip(new Resampler(rate, Clip.RATE).resample(samples));
  }

  private String version() throws IOException {
    String line = new String(run(List.of(program, "--version")), StandardCharsets.UTF_8);
    int data = line.indexOf("  Data at");
    return (data > 0 ? line.substring(0, data) : line).strip();
  }

  private static byte[] run(List<String> command) throws IOException {
    Process process;
    try {
      process =
          new ProcessBuilder(command)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
              .start();
    } catch (IOException e) {
      throw new IllegalStateException(
          "the program "
              + command.getFirst()
              + " was not found; install it (Debian, Ubuntu: apt-get install"
              + " espeak-ng; Fedora: dnf install espeak-ng; macOS: brew install espeak-ng)",
          e);
    }
    byte[] output = process.getInputStream().readAllBytes();
    try {
      int code = process.waitFor();
      if (code != 0) {
        throw new IOException("exit code " + code + " of " + String.join(" ", command));
      }
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while speaking", e);
    }
    return output;
  }

  private String key(Voice voice, String text) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      String words = version + "|" + voice + "|" + text;
      return HexFormat.of().formatHex(digest.digest(words.getBytes(StandardCharsets.UTF_8)), 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static byte[] encode(Clip clip) {
    ByteBuffer bytes = ByteBuffer.allocate(clip.length() * 2).order(ByteOrder.LITTLE_ENDIAN);
    for (float sample : clip.samples()) {
      bytes.putShort((short) Math.clamp(Math.round(sample * 32767), -32768, 32767));
    }
    return bytes.array();
  }

  private static Clip decode(byte[] pcm) {
    ByteBuffer bytes = ByteBuffer.wrap(pcm).order(ByteOrder.LITTLE_ENDIAN);
    float[] samples = new float[pcm.length / 2];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = bytes.getShort() / 32768f;
    }
    return new Clip(samples);
  }
}
