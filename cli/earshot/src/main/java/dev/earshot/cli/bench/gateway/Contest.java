package dev.earshot.cli.bench.gateway;

import dev.earshot.cli.bench.BenchProcess;
import dev.earshot.cli.bench.GatewayProcess;
import dev.earshot.cli.bench.gateway.Sample.Party;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The gateway and its peers, each in a process that lives as long as this. Only one of them works
 * at a time.
 */
final class Contest implements AutoCloseable {
  private final Processes opened = new Processes();
  private final Set<Subject> subjects;
  private final List<Long> broker;
  private final BenchProcess load;
  private final BenchProcess raw;
  private final BenchProcess burner;
  private final GatewayProcess gateway;
  private final @Nullable Mosquitto mosquitto;

  /**
   * Starts all processes.
   *
   * @param peers what to measure beside the gateway; mosquitto only where it is installed
   */
  Contest(Rig rig, Set<Subject> peers, Consumer<String> progress)
      throws IOException, InterruptedException {
    broker = List.of(rig.broker().pid());
    subjects = EnumSet.copyOf(peers);
    subjects.add(Subject.GATEWAY);
    Optional<Path> binary = Mosquitto.find();
    if (binary.isEmpty() && subjects.remove(Subject.MOSQUITTO)) {
      progress.accept("mosquitto is not installed, so it is left out");
    }
    try {
      load = opened.add(rig.load());
      raw = opened.add(rig.raw());
      burner = opened.add(rig.burner());
      gateway = opened.add(rig.gateway("bench-gateway", Rig.WIDE_LIMITS));
      mosquitto =
          subjects.contains(Subject.MOSQUITTO)
              ? opened.add(Mosquitto.start(binary.orElseThrow(), rig.folder()))
              : null;
    } catch (IOException | InterruptedException | RuntimeException e) {
      opened.close();
      throw e;
    }
  }

  /** Who takes part. */
  Set<Subject> subjects() {
    return Collections.unmodifiableSet(subjects);
  }

  /**
   * As many messages as go.
   *
   * @param settleSeconds before it is measured
   * @param burntMicros what is burnt beside a {@link Subject#BURDENED} producer for each record
   */
  Sample saturated(
      Subject subject, ConnectionLoad size, int settleSeconds, int seconds, double burntMicros)
      throws IOException, InterruptedException {
    BenchProcess driver = driver(subject);
    String question =
        switch (subject) {
          case RAW -> "saturate %d %d".formatted(size.connections(), size.window());
          case BURDENED -> "throttle %d %d".formatted(size.connections(), size.window());
          case GATEWAY, MOSQUITTO ->
              "saturate %d %d %d".formatted(port(subject), size.connections(), size.inFlight());
        };
    if (subject == Subject.BURDENED) {
      burner.ask("burn " + 1_000 * burntMicros);
    }
    driver.ask(question);
    Sample sample = Sample.take(driver, processes(subject), settleSeconds, seconds);
    driver.ask("stop");
    if (subject == Subject.BURDENED) {
      burner.ask("stop");
    }
    return sample;
  }

  /** Latencies under a steady rate. */
  Latency paced(
      Subject subject, int connections, double perSecond, int settleSeconds, int seconds)
      throws IOException, InterruptedException {
    BenchProcess driver = driver(subject);
    String target = subject == Subject.RAW ? "" : port(subject) + " ";
    driver.ask("pace %s%d %s".formatted(target, connections, perSecond));
    Sample.take(driver, Map.of(), 0, settleSeconds);
    driver.ask("latency"); // forgets the first ones
    Sample.take(driver, Map.of(), 0, seconds);
    Latency latency = Latency.parse(driver.ask("latency"));
    driver.ask("stop");
    return latency;
  }

  private BenchProcess driver(Subject subject) {
    return switch (subject) {
      case RAW, BURDENED -> raw;
      case GATEWAY, MOSQUITTO -> load;
    };
  }

  private int port(Subject subject) {
    return subject == Subject.GATEWAY
        ? gateway.mqttPort()
        : Objects.requireNonNull(mosquitto).port();
  }

  private Map<Party, List<Long>> processes(Subject subject) {
    return switch (subject) {
      case RAW -> Map.of(Party.SUBJECT, List.of(raw.pid()), Party.BROKER, broker);
      case BURDENED ->
          Map.of(
              Party.SUBJECT,
              List.of(raw.pid()),
              Party.GENERATOR,
              List.of(burner.pid()),
              Party.BROKER,
              broker);
      case GATEWAY ->
          Map.of(
              Party.SUBJECT,
              List.of(gateway.pid()),
              Party.GENERATOR,
              List.of(load.pid()),
              Party.BROKER,
              broker);
      case MOSQUITTO ->
          Map.of(
              Party.SUBJECT,
              List.of(Objects.requireNonNull(mosquitto).pid()),
              Party.GENERATOR,
              List.of(load.pid()));
    };
  }

  @Override
  public void close() throws IOException {
    opened.close();
  }
}
