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
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A device of the fleet in this process: files, MQTT, HTTP and the engine around one {@link Agent}.
 */
final class FleetRun implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(FleetRun.class);
  private static final long SLOT_BYTES = 4L << 20;

  /** How often it looks whether somebody at the device wants the model before. */
  private static final Duration LOOK_FOR_HANDS = Duration.ofSeconds(2);

  /** How long the audio's end waits for a connection and an acknowledgement. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(10);

  /** How long an order to end waits for an acknowledgement, when there is a connection. */
  private static final Duration PARTING_WORDS = Duration.ofSeconds(3);

  private final FileFlash flash;
  private final RingOutbox outbox;
  private final Path state;
  private final Path runningMark;
  private final AgentLoop loop;
  private final HttpFetcher fetcher;
  private final PahoTransport transport;
  private final EngineListening ear;
  private final Agent agent;
  private final CountDownLatch over = new CountDownLatch(1);
  private boolean started; // the agent's thread
  private boolean audioOver; // the agent's thread
  private boolean closed;

  /**
   * Who the device is and where it lives.
   *
   * @param state directory of its flash
   * @param image what it leaves the factory with; used when the flash is blank
   */
  record Identity(
      DeviceId id,
      DeviceAttributes attributes,
      ChipProfile chip,
      Environment environment,
      GatewaySettings gateway,
      Path state,
      Optional<FactoryImage> image) {}

  /**
   * Opens its state and reads its credentials.
   *
   * @throws CannotRun when its state can't be used
   * @throws InvalidCredentials when a certificate, key or password file can't be used
   */
  FleetRun(Identity identity, AgentSettings settings, FleetClock clock, PrintWriter out)
      throws IOException, MqttException {
    Tls tls = new Tls(identity.gateway().tls(), InstantSource.system());
    tls.context();
    identity.gateway().password();
    flash = openFlash(identity.state());
    loop = new AgentLoop(clock);
    RandomGenerator random = RandomGenerator.getDefault();
    transport = new PahoTransport(identity.gateway(), tls, identity.id(), loop, random);
    fetcher = new HttpFetcher(loop, tls);
    state = identity.state();
    runningMark = state.resolve("running");
    ear =
        new EngineListening(
            identity.chip(),
            identity.environment(),
            Files.exists(runningMark),
            (atMillis, word, score) -> {
              out.println(LocalRun.line(atMillis, word, score));
              out.flush();
            });
    try {
      provision(identity, out);
      outbox = RingOutbox.open(identity.state().resolve("outbox"), settings.heartbeatCapacity());
      agent =
          new Agent(
              identity.id(),
              identity.attributes(),
              settings,
              new AgentPorts(
                  transport, fetcher, flash, ear, loop, clock, random, new LinuxSupply(), outbox));
    } catch (CannotRun e) {
      flash.close();
      throw e;
    } catch (IOException e) {
      flash.close();
      throw unusable(identity.state(), e);
    }
  }

  private static FileFlash openFlash(Path state) throws CannotRun {
    try {
      return new FileFlash(state, SLOT_BYTES);
    } catch (CannotRun e) {
      throw e;
    } catch (IOException e) {
      throw unusable(state, e);
    }
  }

  private static CannotRun unusable(Path state, IOException e) {
    String message = String.valueOf(e.getMessage());
    return new CannotRun(
        ExitCode.STATE_UNUSABLE,
        e instanceof FileSystemException
            ? state
                + ": can't be read and written ("
                + e.getClass().getSimpleName()
                + ": "
                + message
                + "); is the disk full or read-only, does another user own it?"
            : message,
        e);
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
                new CannotRun(
                    ExitCode.NOT_PROVISIONED,
                    identity.state()
                        + ": a new device needs a model to start with (give --model FILE.tflite)"))
        .installOn(flash);
  }

  /** Boots, connects and listens; returns at once. */
  void start(AudioSource audio) throws Exception {
    loop.call(
        () -> {
          try {
            agent.start();
            started = true;
            Files.writeString(runningMark, "removed when the agent ends in order\n");
          } catch (IOException e) {
            throw unusable(state, e);
          }
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
          hear(audio);
          lookForHandRevert();
          return true;
        });
  }

  private void lookForHandRevert() {
    try {
      HandRevert.take(state).ifPresent(agent::revertByHand);
    } catch (IOException e) {
      log.warn("{}: what was asked for by hand can't be read: {}", state, e.getMessage());
    }
    loop.afterMachine(LOOK_FOR_HANDS, this::lookForHandRevert);
  }

  private void hear(AudioSource audio) {
    switch (audio) {
      case AudioSource.Recording(short[] samples, boolean repeat, boolean realTime) ->
          new AudioPump(samples, repeat, realTime, ear, loop, this::audioEnded).step();
      case AudioSource.Live(InputStream samples) ->
          new MicrophonePump(samples, ear, loop, this::audioEnded).start();
    }
  }

  /** Waits until the audio is over and reported, or somebody closed this. */
  void await() throws InterruptedException {
    over.await();
  }

  private void audioEnded() {
    agent.closeInterval();
    audioOver = true;
    awaitReported(System.nanoTime() + LAST_WORDS.toNanos(), over::countDown);
  }

  private void awaitReported(long deadlineNanos, Runnable then) {
    boolean reported = transport.isConnected() && agent.unsent().isEmpty();
    if (reported || System.nanoTime() > deadlineNanos) {
      then.run();
    } else {
      loop.afterMachine(Duration.ofMillis(20), () -> awaitReported(deadlineNanos, then));
    }
  }

  /**
   * Ends in order: the interval is closed, and its heartbeat sent when there is a connection; else
   * it waits on flash. Safe to call twice.
   */
  @Override
  public synchronized void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    CountDownLatch left = new CountDownLatch(1);
    loop.execute(() -> part(left));
    try {
      if (!left.await(10, TimeUnit.SECONDS)) {
        throw new IOException("the agent did not end within 10 s");
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

  private void part(CountDownLatch left) {
    if (started && !audioOver) {
      agent.closeInterval();
    }
    Runnable leave =
        () -> {
          agent.stop();
          transport.close();
          left.countDown();
        };
    if (transport.isConnected()) {
      awaitReported(System.nanoTime() + PARTING_WORDS.toNanos(), leave);
    } else {
      leave.run();
    }
  }
}
