package dev.earshot.agent.device;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries live samples into the ear, 32 ms at a time, from a thread of its own onto the agent's. At
 * most two seconds wait there; then the pipe fills up, and whoever writes to it decides what gets
 * lost. Buffers go round: nothing is allocated per sample.
 */
final class MicrophonePump {
  private static final Logger log = LoggerFactory.getLogger(MicrophonePump.class);
  private static final int BLOCK_SAMPLES = 512;
  private static final int BLOCKS = 64;

  private final InputStream input;
  private final EngineListening ear;
  private final AgentLoop loop;
  private final Runnable end;
  private final BlockingQueue<short[]> free = new ArrayBlockingQueue<>(BLOCKS);

  /**
   * A pump.
   *
   * @param end runs on the agent's thread when there is no more audio
   */
  MicrophonePump(InputStream input, EngineListening ear, AgentLoop loop, Runnable end) {
    this.input = input;
    this.ear = ear;
    this.loop = loop;
    this.end = end;
    for (int i = 0; i < BLOCKS; i++) {
      free.add(new short[BLOCK_SAMPLES]);
    }
  }

  void start() {
    Thread.ofPlatform().name("microphone").daemon().start(this::read);
  }

  private void read() {
    byte[] bytes = new byte[2 * BLOCK_SAMPLES];
    try {
      for (int read = block(bytes); read > 0; read = block(bytes)) {
        short[] samples = free.take();
        int length = read / 2;
        for (int i = 0; i < length; i++) {
          samples[i] = (short) ((bytes[2 * i] & 0xff) | bytes[2 * i + 1] << 8);
        }
        loop.execute(
            () -> {
              ear.accept(samples, 0, length);
              free.add(samples);
            });
      }
    } catch (IOException e) {
      log.warn("the audio can't be read any more: {}", e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    loop.execute(end);
  }

  private int block(byte[] bytes) throws IOException {
    return input.readNBytes(bytes, 0, bytes.length);
  }
}
