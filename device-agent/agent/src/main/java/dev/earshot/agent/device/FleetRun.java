package dev.earshot.agent.device;

import dev.earshot.agent.Agent;
import dev.earshot.agent.AgentPorts;
import dev.earshot.agent.AgentSettings;
import dev.earshot.agent.FactoryImage;
import dev.earshot.agent.outbox.RingOutbox;
import dev.earshot.ndp.chip.ChipProfile;
import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.clock.FleetClock;
import dev.earshot.protocol.v1.DeviceAttributes;
import dev.earshot.protocol.v1.Environment;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.eclipse.paho.client.mqttv3.MqttException;

/**
 * A device of the fleet in this process: files, MQTT, HTTP and the engine around one {@link Agent}.
 */
final class FleetRun implements AutoCloseable {
  private static final long SLOT_BYTES = 4L << 20;
  private static final Duration LAST_WORDS = Duration.ofSeconds(10);

  private final FileFlash flash;
  private final RingOutbox outbox;
  private final Path runningMark;
  private final AgentLoop loop;
  private final HttpFetcher fetcher;
  private final PahoTransport transport;
  private final EngineListening ear;
  private final Agent agent;
  private final CountDownLatch over = new CountDownLatch(1);
  private boolean closed;

  /**
   * Who the device is and where it lives.
   *
   * @param gateway {@code host:port}
   * @param state directory of its flash
   * @param image what it leaves the factory with; used when the flash is blank
   */
  record Identity(
      DeviceId id,
      DeviceAttributes attributes,
      ChipProfile chip,
      Environment environment,
      String gateway,
      Path state,
      Optional<FactoryImage> image) {}

  FleetRun(Identity identity, AgentSettings settings, FleetClock clock, PrintWriter out)
      throws IOException, MqttException {
    flash = new FileFlash(identity.state(), SLOT_BYTES);
    try {
      provision(identity, out);
      outbox =
          RingOutbox.open(identity.state().resolve("outbox"), settings.heartbeatCapacity());
      runningMark = identity.state().resolve("running");
      boolean unexpectedReboot = Files.exists(runningMark);
      loop = new AgentLoop(clock);
      fetcher = new HttpFetcher(loop);
      RandomGenerator random = RandomGenerator.getDefault();
      transport = new PahoTransport(identity.gateway(), identity.id(), loop, random);
      ear =
          new EngineListening(
              identity.chip(),
              identity.environment(),
              unexpectedReboot,
              (atMillis, score) -> {
                out.println(LocalRun.line(atMillis, score));
                out.flush();
              });
      agent =
          new Agent(
              identity.id(),
              identity.attributes(),
              settings,
              new AgentPorts(transport, fetcher, flash, ear, loop, clock, random, outbox));
    } catch (IOException | MqttException | RuntimeException e) {
      flash.close();
      throw e;
    }
  }

  private void provision(Identity identity, PrintWriter out) throws IOException {
    if (flash.readRecord().isPresent()) {
      out.println(identity.state() + " holds this device's models; --model is not used");
      return;
    }
    identity
        .image()
        .orElseThrow(
            () ->
                new IOException(
                    identity.state()
                        + ": a new device needs a model to start with (give --model FILE.tflite)"))
        .installOn(flash);
  }

  /** Boots, connects and listens; returns at once. */
  void start(short[] samples, boolean repeat, boolean realTime) throws Exception {
    loop.call(
        () -> {
          agent.start();
          Files.writeString(runningMark, "removed when the agent ends in order\n");
          transport.start(
              new PahoTransport.Events() {
                @Override
                public void connected() {
                  agent.onConnected();
                }

                @Override
                public void disconnected() {
                  agent.onDisconnected();
                }

                @Override
                public void command(byte[] payload) {
                  agent.onCommand(payload);
                }
              });
          new AudioPump(samples, repeat, realTime, ear, loop, this::audioEnded).step();
          return true;
        });
  }

  /** Waits until the audio is over and reported, or somebody closed this. */
  void await() throws InterruptedException {
    over.await();
  }

  private void audioEnded() {
    agent.closeInterval();
    awaitReported(System.nanoTime() + LAST_WORDS.toNanos());
  }

  private void awaitReported(long deadlineNanos) {
    boolean reported = transport.isConnected() && agent.unsent().isEmpty();
    if (reported || System.nanoTime() > deadlineNanos) {
      over.countDown();
    } else {
      loop.afterMachine(Duration.ofMillis(20), () -> awaitReported(deadlineNanos));
    }
  }

  /** Ends in order. Safe to call twice. */
  @Override
  public synchronized void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    CountDownLatch left = new CountDownLatch(1);
    loop.execute(
        () -> {
          agent.stop();
          transport.close();
          left.countDown();
        });
    try {
      if (!left.await(5, TimeUnit.SECONDS)) {
        throw new IOException("the agent did not end within 5 s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      loop.close();
      fetcher.close();
      Files.deleteIfExists(runningMark);
      outbox.close();
      flash.close();
      over.countDown();
    }
  }
}
