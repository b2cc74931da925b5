package dev.earshot.cli.bench.gateway;

import dev.earshot.cli.bench.BenchProcess;
import dev.earshot.cli.bench.GatewayProcess;
import dev.earshot.cli.bench.Goal;
import dev.earshot.cli.bench.Medians;
import dev.earshot.cli.bench.Section;
import dev.earshot.cli.bench.Section.Row;
import dev.earshot.cli.bench.gateway.Sample.Party;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Two gateways against one broker, beside one; each has one thread that serves connections. */
final class ScaleOutBench {
  private static final int SETTLE_SECONDS = 1;

  private final Rig rig;
  private final ConnectionLoad load;
  private final Consumer<String> progress;

  ScaleOutBench(Rig rig, ConnectionLoad load, Consumer<String> progress) {
    this.rig = rig;
    this.load = load;
    this.progress = progress;
  }

  Section run() throws IOException, InterruptedException {
    Setup setup = rig.setup();
    Map<String, String> settings = new HashMap<>(Rig.WIDE_LIMITS);
    settings.put("EARSHOT_EVENT_LOOPS", "1");
    List<Sample> one = new ArrayList<>();
    List<Sample> two = new ArrayList<>();
    try (Processes processes = new Processes()) {
      BenchProcess generator = processes.add(rig.load());
      List<GatewayProcess> both = new ArrayList<>();
      both.add(processes.add(rig.gateway("scale-out-1", settings)));
      both.add(processes.add(rig.gateway("scale-out-2", settings)));
      measure(generator, both, 0, setup.warmUpSeconds());
      for (int round = 1; round <= setup.rounds(); round++) {
        one.add(measure(generator, both.subList(0, 1), SETTLE_SECONDS, setup.seconds()));
        two.add(measure(generator, both, SETTLE_SECONDS, setup.seconds()));
        progress.accept(
            "round %d: one gateway %,.0f/s, two %,.0f/s"
                .formatted(round, one.getLast().perSecond(), two.getLast().perSecond()));
      }
    }
    return new Section(
        "scale-out",
        "%s in flight, one event loop each, %d processors that generator and broker share,"
                .formatted(load, Runtime.getRuntime().availableProcessors())
            + " medians of %d rounds of %d s".formatted(setup.rounds(), setup.seconds()),
        List.of("messages/s", "CPU us each", "generator us", "broker us"),
        List.of(row("one gateway", one), row("two gateways", two)),
        List.of(Goal.none("two gateways / one", Medians.ratio(two, one, Sample::perSecond))));
  }

  private Sample measure(
      BenchProcess generator, List<GatewayProcess> gateways, int settle, int seconds)
      throws IOException, InterruptedException {
    List<String> ports = gateways.stream().map(each -> Integer.toString(each.mqttPort())).toList();
    generator.ask(
        "saturate %s %d %d"
            .formatted(String.join(",", ports), load.connections(), load.inFlight()));
    Sample sample =
        Sample.take(
            generator,
            Map.of(
                Party.SUBJECT,
                gateways.stream().map(GatewayProcess::pid).toList(),
                Party.GENERATOR,
                List.of(generator.pid()),
                Party.BROKER,
                List.of(rig.broker().pid())),
            settle,
            seconds);
    generator.ask("stop");
    return sample;
  }

  private static Row row(String name, List<Sample> samples) {
    return Row.of(
        name,
        Medians.of(samples, Sample::perSecond),
        Medians.of(samples, sample -> sample.micros(Party.SUBJECT)),
        Medians.of(samples, sample -> sample.micros(Party.GENERATOR)),
        Medians.of(samples, sample -> sample.micros(Party.BROKER)));
  }
}
