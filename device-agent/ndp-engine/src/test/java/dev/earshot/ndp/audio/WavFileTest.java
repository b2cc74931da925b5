package dev.earshot.ndp.audio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WavFileTest {
  /** RIFF header, an unknown chunk of odd length, "fmt ", "data". */
  private static ByteBuffer wav(int channels, int rate, int bits, int dataSize, short... samples) {
    ByteBuffer file = ByteBuffer.allocate(256).order(ByteOrder.LITTLE_ENDIAN);
    file.put(ascii("RIFF")).putInt(0).put(ascii("WAVE"));
    file.put(ascii("LIST")).putInt(3).put(new byte[] {1, 2, 3, 0});
    file.put(ascii("fmt ")).putInt(16);
    file.putShort((short) 1).putShort((short) channels).putInt(rate);
    file.putInt(rate * channels * 2).putShort((short) (2 * channels)).putShort((short) bits);
    file.put(ascii("data")).putInt(dataSize);
    for (short sample : samples) {
      file.putShort(sample);
    }
    return file.flip();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static String refusal(ByteBuffer file) {
    return String.valueOf(
        assertThrows(IOException.class, () -> WavFile.parse(file, "a.wav")).getMessage());
  }

  @Test
  void mono_isReadAsItIs() throws IOException {
    WavFile wav = WavFile.parse(wav(1, 16_000, 16, 6, (short) 1, (short) -2, (short) 3), "a.wav");
    assertArrayEquals(new short[] {1, -2, 3}, wav.samples());
    assertEquals(16_000, wav.sampleRateHz());
  }

  @Test
  void stereo_givesTheLeftChannel() throws IOException {
    ByteBuffer file = wav(2, 16_000, 16, 8, (short) 1, (short) 9, (short) 2, (short) 9);
    assertArrayEquals(new short[] {1, 2}, WavFile.parse(file, "a.wav").samples());
  }

  @Test
  void streamedFileWithoutALength_isReadToItsEnd() throws IOException {
    ByteBuffer file = wav(1, 16_000, 16, -1, (short) 5, (short) 6);
    assertArrayEquals(new short[] {5, 6}, WavFile.parse(file, "a.wav").samples());
  }

  @Test
  void otherFormats_areRefusedWithWhatIsExpected() {
    assertEquals(
        "a.wav: encoding 1 with 24 bits (expected: 16-bit PCM)",
        refusal(wav(1, 16_000, 24, 2, (short) 0)));
    assertEquals(
        "a.wav: 6 channels (expected: mono or stereo)", refusal(wav(6, 16_000, 16, 2, (short) 0)));
    assertEquals(
        "a.wav: truncated, 2 bytes of samples (expected: 400)",
        refusal(wav(1, 16_000, 16, 400, (short) 0)));
    assertEquals(
        "a.wav: not a WAV file (expected: RIFF and WAVE at its start)",
        refusal(ByteBuffer.allocate(100)));
  }

  @Test
  void otherSampleRate_isRefusedWithTheRemedy(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("a.wav");
    ByteBuffer content = wav(1, 44_100, 16, 2, (short) 0);
    byte[] bytes = new byte[content.remaining()];
    content.get(bytes);
    Files.write(file, bytes);
    assertEquals(
        file
            + ": 44100 Hz (expected: 16000 Hz; convert it, for example:"
            + " sox in.wav -r 16000 out.wav)",
        assertThrows(IOException.class, () -> WavFile.read(file, 16_000)).getMessage());
  }
}
