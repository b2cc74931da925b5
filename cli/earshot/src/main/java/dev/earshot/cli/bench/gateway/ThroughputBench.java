package dev.earshot.cli.bench.gateway;

import dev.earshot.cli.bench.BenchProcess;
import dev.earshot.cli.bench.GatewayProcess;
import dev.earshot.cli.bench.gateway.Sample.Party;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How many messages a second go through, and what each costs. All processes live as long as this,
 * and take turns: only one of them works at a time.
 */
final class ThroughputBench implements AutoCloseable {
  private static final int SETTLE_SECONDS = 1;

  /** As many as the widest load, so that nothing but Kafka holds the gateway back. */
  private static final Map<String, String> GATEWAY =
      Map.of("EARSHOT_MAX_IN_FLIGHT_MESSAGES", "20000");

  private final Rig rig;
  private final Set<Subject> subjects;
  private final Consumer<String> progress;
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private final BenchProcess load;
  private final BenchProcess raw;
  private final BenchProcess burner;
  private final GatewayProcess gateway;
  private final @Nullable Mosquitto mosquitto;

  /** The samples of one load, in the order of the rounds. */
  record Result(ConnectionLoad load, Map<Subject, List<Sample>> samples) {
    List<Sample> of(Subject subject) {
      return samples.getOrDefault(subject, List.of());
    }

    /** Messages a second, the median; NaN when it was not measured. */
    double perSecond(Subject subject) {
      return Medians.of(of(subject), Sample::perSecond);
    }
  }

  /**
   * Starts all processes.
   *
   * @param peers what to measure beside the gateway; mosquitto only where it is installed
   */
  ThroughputBench(Rig rig, Set<Subject> peers, Consumer<String> progress)
      throws IOException, InterruptedException {
    this.rig = rig;
    this.progress = progress;
    this.subjects = EnumSet.copyOf(peers);
    subjects.add(Subject.GATEWAY);
    Optional<Path> binary = Mosquitto.find();
    if (binary.isEmpty() && subjects.remove(Subject.MOSQUITTO)) {
      progress.accept("mosquitto is not installed, so it is left out");
    }
    load = open(rig.load());
    raw = open(rig.raw());
    burner = open(rig.burner());
    gateway = open(rig.gateway("bench-gateway", GATEWAY));
    mosquitto =
        subjects.contains(Subject.MOSQUITTO) && binary.isPresent()
            ? open(Mosquitto.start(binary.get(), rig.folder()))
            : null;
  }

  private <T extends AutoCloseable> T open(T resource) {
    opened.push(resource);
    return resource;
  }

  /** Takes turns; the results are in the order of the loads. */
  List<Result> run(List<ConnectionLoad> loads) throws IOException, InterruptedException {
    for (Subject each : subjects) {
      progress.accept("warming up: " + each.title());
      if (each != Subject.BURDENED) {
        measure(each, loads.getFirst(), rig.setup().warmUpSeconds(), 1, 0);
      }
    }
    Map<ConnectionLoad, Map<Subject, List<Sample>>> all = new LinkedHashMap<>();
    loads.forEach(each -> all.put(each, new EnumMap<>(Subject.class)));
    for (int round = 1; round <= rig.setup().rounds(); round++) {
      for (ConnectionLoad each : loads) {
        round(round, each, all.get(each));
      }
    }
    List<Result> results = new ArrayList<>();
    all.forEach((each, samples) -> results.add(new Result(each, samples)));
    return results;
  }

  private void round(int round, ConnectionLoad each, Map<Subject, List<Sample>> samples)
      throws IOException, InterruptedException {
    double generatorMicros = 0;
    // The burden comes after the gateway: its round says what to burn.
    for (Subject subject : List.of(Subject.RAW, Subject.GATEWAY, Subject.BURDENED, Subject.MOSQUITTO)) {
      if (!subjects.contains(subject)) {
        continue;
      }
      Sample sample = measure(subject, each, SETTLE_SECONDS, rig.setup().seconds(), generatorMicros);
      if (subject == Subject.GATEWAY) {
        generatorMicros = sample.micros(Party.GENERATOR);
      }
      samples.computeIfAbsent(subject, ignored -> new ArrayList<>()).add(sample);
      progress.accept(
          "round %d, %s: %s %,.0f/s, %.2f us each"
              .formatted(
                  round,
                  each,
                  subject.title(),
                  sample.perSecond(),
                  sample.micros(Party.SUBJECT)));
    }
  }

  private Sample measure(
      Subject subject, ConnectionLoad each, int settle, int seconds, double generatorMicros)
      throws IOException, InterruptedException {
    return switch (subject) {
      case RAW -> {
        raw.ask("saturate " + each.connections() + " " + each.window());
        Sample sample =
            Sample.take(
                raw, Map.of(Party.SUBJECT, List.of(raw.pid()), Party.BROKER, broker()), settle, seconds);
        raw.ask("stop");
        yield sample;
      }
      case BURDENED -> {
        burner.ask("burn " + 1_000 * generatorMicros);
        raw.ask("throttle " + each.connections() + " " + each.window());
        Sample sample =
            Sample.take(
                raw,
                Map.of(
                    Party.SUBJECT,
                    List.of(raw.pid()),
                    Party.GENERATOR,
                    List.of(burner.pid()),
                    Party.BROKER,
                    broker()),
                settle,
                seconds);
        raw.ask("stop");
        burner.ask("stop");
        yield sample;
      }
      case GATEWAY ->
          underLoad(
              each,
              gateway.mqttPort(),
              Map.of(
                  Party.SUBJECT,
                  List.of(gateway.pid()),
                  Party.GENERATOR,
                  List.of(load.pid()),
                  Party.BROKER,
                  broker()),
              settle,
              seconds);
      case MOSQUITTO -> {
        Mosquitto running = java.util.Objects.requireNonNull(mosquitto);
        yield underLoad(
            each,
            running.port(),
            Map.of(
                Party.SUBJECT, List.of(running.pid()), Party.GENERATOR, List.of(load.pid())),
            settle,
            seconds);
      }
    };
  }

  private Sample underLoad(
      ConnectionLoad each, int port, Map<Party, List<Long>> processes, int settle, int seconds)
      throws IOException, InterruptedException {
    load.ask("saturate " + port + " " + each.connections() + " " + each.inFlight());
    Sample sample = Sample.take(load, processes, settle, seconds);
    load.ask("stop");
    return sample;
  }

  private List<Long> broker() {
    return List.of(rig.broker().pid());
  }

  @Override
  public void close() throws IOException {
    while (!opened.isEmpty()) {
      try {
        opened.pop().close();
      } catch (IOException e) {
        throw e;
      } catch (Exception e) {
        throw new IllegalStateException("while ending the benchmark's processes", e);
      }
    }
  }
}
