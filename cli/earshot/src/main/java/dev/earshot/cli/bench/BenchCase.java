package dev.earshot.cli.bench;

import dev.earshot.broker.EmbeddedBroker;
import dev.earshot.cli.bench.BenchProcess.Resources;
import dev.earshot.protocol.KafkaTopic;
import dev.earshot.protocol.trust.SigningKey;
import dev.earshot.protocol.v1.RolloutEvent;
import dev.earshot.rollout.RolloutConfig;
import dev.earshot.rollout.operator.OperatorSettings;
import dev.earshot.rollout.stream.RolloutTopics;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Measures one size: a broker of its own, a fleet, one rollout of two stages. */
final class BenchCase {
  private static final String CHANGELOG = "earshot-rollout-devices-changelog-";
  private static final double MILLIS = 1_000.0;

  private final int devices;
  private final Resources resources;
  private final Path folder;
  private final Consumer<String> progress;
  private final BenchResult result = new BenchResult();

  /**
   * A case.
   *
   * @param folder for its data, which stays behind
   * @param progress told what goes on
   */
  BenchCase(int devices, Resources resources, Path folder, Consumer<String> progress) {
    this.devices = devices;
    this.resources = resources;
    this.folder = folder;
    this.progress = progress;
  }

  BenchResult run() throws IOException, InterruptedException {
    try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("kafka"), 0)) {
      RolloutTopics.ensure(config(broker.bootstrap()));
      try (BenchTraffic traffic = new BenchTraffic(broker.bootstrap());
          BenchMeter meter = new BenchMeter(broker.bootstrap(), resources.partitions())) {
        traffic.releases();
        births(broker, traffic, meter);
        heartbeats(broker, traffic, meter);
        rollout(broker, traffic, meter);
        recovery(broker);
      }
    }
    return result;
  }

  private void births(EmbeddedBroker broker, BenchTraffic traffic, BenchMeter meter)
      throws IOException, InterruptedException {
    progress.accept("births");
    traffic.statuses(devices);
    try (BenchProcess rollout = start(BenchMode.ROLLOUT, broker)) {
      result.put(
          BenchResult.STATUSES, meter.rate(rollout, BenchMode.ROLLOUT, KafkaTopic.STATUS, devices));
    }
  }

  private void heartbeats(EmbeddedBroker broker, BenchTraffic traffic, BenchMeter meter)
      throws IOException, InterruptedException {
    progress.accept("heartbeats, copied by a plain consumer and producer");
    traffic.heartbeats(devices);
    meter.createTopic(BenchPeers.COPY_TOPIC, resources.partitions());
    result.put(BenchResult.COPIED, peer(BenchMode.COPY, broker, meter));
    progress.accept("heartbeats, put into a store");
    result.put(BenchResult.STORED, peer(BenchMode.STORE, broker, meter));
    progress.accept("heartbeats, folded");
    result.put(BenchResult.HEARTBEATS, peer(BenchMode.ROLLOUT, broker, meter));
  }

  private double peer(BenchMode mode, EmbeddedBroker broker, BenchMeter meter)
      throws IOException, InterruptedException {
    try (BenchProcess process = start(mode, broker)) {
      return meter.rate(process, mode, KafkaTopic.HEARTBEAT, devices);
    }
  }

  private void rollout(EmbeddedBroker broker, BenchTraffic traffic, BenchMeter meter)
      throws IOException, InterruptedException {
    BenchProcess process = start(BenchMode.ROLLOUT, broker);
    try {
      progress.accept("stage one: everybody's clock starts, 10 % are told");
      traffic.start();
      ConsumerRecord<String, byte[]> started = meter.event(process, "started", 1);
      ConsumerRecord<String, byte[]> first = meter.event(process, "offers_done", 1);
      advance(BenchResult.FIRST_SECONDS, BenchResult.FIRST_COMMANDS, started, first, meter, 0);
      progress.accept("stage two: everybody is looked at again, 40 % more are told");
      long told = meter.commands();
      long revision = RolloutEvent.parseFrom(first.value()).getRevision();
      traffic.promote(revision);
      ConsumerRecord<String, byte[]> passed = meter.event(process, "stage_passed", 1);
      ConsumerRecord<String, byte[]> second = meter.event(process, "offers_done", 2);
      advance(BenchResult.SECOND_SECONDS, BenchResult.SECOND_COMMANDS, passed, second, meter, told);
      progress.accept("walks while nothing happens");
      walks(process);
      space(process);
    } finally {
      process.kill();
    }
  }

  private void advance(
      String seconds,
      String rate,
      ConsumerRecord<String, byte[]> decision,
      ConsumerRecord<String, byte[]> done,
      BenchMeter meter,
      long toldBefore) {
    double took = (done.timestamp() - decision.timestamp()) / MILLIS;
    result.put(seconds, took);
    result.put(rate, (meter.commands() - toldBefore) / took);
  }

  /** Two more looks at everybody. */
  private void walks(BenchProcess process) throws IOException, InterruptedException {
    String[] before = process.ask("walks");
    String[] after = before;
    while (Double.parseDouble(after[0]) - Double.parseDouble(before[0]) < 2.0 * devices) {
      Thread.sleep(100);
      after = process.ask("walks");
    }
    double walked = Double.parseDouble(after[0]) - Double.parseDouble(before[0]);
    double seconds = Double.parseDouble(after[1]) - Double.parseDouble(before[1]);
    result.put(BenchResult.WALK, seconds / walked * 1e6);
  }

  private void space(BenchProcess process) throws IOException {
    String[] memory = process.ask("memory");
    result.put(BenchResult.HEAP, Double.parseDouble(memory[0]) / (1 << 20));
    result.put(BenchResult.RESIDENT, Double.parseDouble(memory[1]) / (1 << 20));
    result.put(BenchResult.HIGHEST, Double.parseDouble(memory[2]) / (1 << 20));
    result.put(
        BenchResult.STATE,
        (double) BenchFolder.bytes(folder.resolve("state").resolve("earshot-rollout"), "")
            / devices);
    result.put(
        BenchResult.CHANGELOG,
        (double) BenchFolder.bytes(folder.resolve("kafka"), CHANGELOG) / devices);
  }

  private void recovery(EmbeddedBroker broker) throws IOException {
    progress.accept("start after a kill");
    long began = System.nanoTime();
    try (BenchProcess _ = start(BenchMode.ROLLOUT, broker)) {
      result.put(BenchResult.RECOVERY, (System.nanoTime() - began) / 1e9);
    }
  }

  private BenchProcess start(BenchMode mode, EmbeddedBroker broker) throws IOException {
    return BenchProcess.start(mode, broker.bootstrap(), folder, resources);
  }

  private RolloutConfig config(String bootstrap) {
    return new RolloutConfig(
        bootstrap,
        "localhost",
        0,
        "bench",
        folder,
        resources.partitions(),
        1,
        1,
        URI.create("http://localhost"),
        SigningKey.generate(),
        OperatorSettings.adminOnly(""),
        RolloutConfig.DEFAULT_TICK,
        RolloutConfig.DEFAULT_RESEND_AFTER);
  }
}
