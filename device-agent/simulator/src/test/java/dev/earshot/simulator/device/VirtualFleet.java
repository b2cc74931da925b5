package dev.earshot.simulator.device;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.earshot.agent.AgentSettings;
import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.Digest;
import dev.earshot.protocol.MqttTopic.Channel;
import dev.earshot.protocol.delivery.DeliveryWindow;
import dev.earshot.protocol.v1.DeviceCommand;
import dev.earshot.protocol.v1.DeviceStatus;
import dev.earshot.protocol.v1.Heartbeat;
import dev.earshot.protocol.v1.SessionEvent;
import dev.earshot.simulator.DeviceMaker;
import dev.earshot.simulator.TestRegistry;
import dev.earshot.simulator.TestRelease;
import dev.earshot.simulator.device.SimulatedDevice.Surroundings;
import dev.earshot.simulator.flash.FlashStore;
import dev.earshot.simulator.flash.ImagePool;
import dev.earshot.simulator.flash.SimulatedFlash;
import dev.earshot.simulator.registry.Catalogue;
import dev.earshot.simulator.registry.SignedReleases;
import dev.earshot.simulator.scenario.Fault;
import dev.earshot.simulator.scenario.Scenario;
import dev.earshot.simulator.truth.Counts;
import dev.earshot.simulator.truth.Ledger;
import dev.earshot.simulator.truth.Truth;
import dev.earshot.simulator.virtual.VirtualGateway;
import dev.earshot.simulator.virtual.VirtualLoop;
import dev.earshot.simulator.virtual.VirtualRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** A fleet in virtual time. */
final class VirtualFleet {
  /** Gateways that devices turn to; behind each is the same one. */
  static final int GATEWAYS = 2;

  final VirtualLoop loop = new VirtualLoop(Instant.parse("2026-01-01T00:00:00Z"));

  private long orders;

  /** What arrived, in order. */
  final List<Published> published = new ArrayList<>();

  final Set<DeviceId> connected = new TreeSet<>(Comparator.comparing(DeviceId::toString));
  final VirtualGateway gateway = new VirtualGateway(loop, new Arrivals());
  final VirtualRegistry registry;
  final FleetServices services;
  final List<SimulatedDevice> devices = new ArrayList<>();

  /** A message as the gateway took it over. */
  @SuppressWarnings("ArrayRecordComponent")
  record Published(DeviceId id, Channel channel, byte[] payload, long atMillis) {}

  private final class Arrivals implements VirtualGateway.Arrived {
    @Override
    public void message(DeviceId id, Channel channel, byte[] payload) {
      published.add(new Published(id, channel, payload, loop.millis()));
    }

    @Override
    public void session(DeviceId id, SessionEvent event) {
      if (event.getKind() == SessionEvent.Kind.CONNECTED) {
        connected.add(id);
      } else {
        connected.remove(id);
      }
    }
  }

  /** Delivers a command to every device that is connected, each with an order of its own. */
  void tellAll(TestRelease release, DeviceCommand command) {
    orders++;
    connected.forEach(
        id -> gateway.deliver(id, release.ordered(command, id, orders, loop.instant())));
  }

  /** A fleet of the standard mix. */
  VirtualFleet(int count, long seed, List<Fault> faults, TestRelease factory, TestRelease... others)
      throws IOException {
    this(
        Scenario.standard(count, factory.signed().manifest().release())
            .withSeed(seed)
            .withFaults(faults),
        factory,
        others);
  }

  /** The scenario's devices, all on at once; its rollouts are not started. */
  VirtualFleet(Scenario scenario, TestRelease factory, TestRelease... others) throws IOException {
    TestRegistry releases = new TestRegistry(others);
    releases.publish(factory);
    SignedReleases signed = new SignedReleases(releases.files(), TestRelease.TRUST, loop);
    registry = new VirtualRegistry(loop, signed);
    Catalogue catalogue = new Catalogue(signed, TestRelease.ANCHORS, loop, scenario.regressions());
    catalogue.learn(factory.signed().manifest().release()).toCompletableFuture().join();
    services =
        new FleetServices(
            loop,
            AgentSettings.defaults(TestRelease.ANCHORS)
                .withHeartbeatInterval(scenario.heartbeatInterval()),
            catalogue,
            new SelfTests(),
            new Ledger(),
            new FleetTally(),
            new FaultPlan(scenario.faults(), loop.instant()),
            scenario.seed());
    Surroundings surroundings =
        new Surroundings(
            loop, registry, services.uplink(GATEWAYS, number -> gateway, gateway, loop));
    DeviceMaker maker = new DeviceMaker(scenario, services);
    ImagePool pool = new ImagePool();
    for (int index = 0; index < scenario.devices(); index++) {
      SimulatedFlash flash = new SimulatedFlash(index, pool, FlashStore.VOLATILE);
      var _ = factory.factoryImage().installOn(flash);
      devices.add(maker.device(index, flash, surroundings, 0));
    }
    devices.forEach(SimulatedDevice::powerOn);
  }

  void finish() {
    devices.forEach(SimulatedDevice::finish);
    loop.run(Duration.ofHours(1));
  }

  /** SHA-256 of everything that was published, in its order. */
  String eventLogDigest() {
    MessageDigest digest = Digest.sha256();
    for (Published message : published) {
      digest.update(message.id().toString().getBytes(StandardCharsets.UTF_8));
      digest.update(message.channel().segment().getBytes(StandardCharsets.UTF_8));
      digest.update(message.payload());
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** What a monitor that counts every interval once would say. */
  Map<Truth.Key, Counts> received() throws InvalidProtocolBufferException {
    Map<Truth.Key, Counts> counts = new HashMap<>();
    Map<String, DeliveryWindow> windows = new HashMap<>();
    for (Published message : published) {
      if (message.channel() != Channel.HEARTBEAT) {
        continue;
      }
      Heartbeat beat = Heartbeat.parseFrom(message.payload());
      DeliveryWindow.Outcome outcome =
          windows
              .getOrDefault(message.id().toString(), DeliveryWindow.EMPTY)
              .offer(beat.getBootId(), beat.getSequence());
      windows.put(message.id().toString(), outcome.window());
      if (outcome.verdict() == DeliveryWindow.Verdict.FIRST) {
        counts.merge(
            new Truth.Key(beat.getRelease(), beat.getEnvironment()), Counts.of(beat), Counts::plus);
      }
    }
    return counts;
  }

  /** Every heartbeat that arrived, in the order in which they did. */
  List<Heartbeat> heartbeats() throws InvalidProtocolBufferException {
    List<Heartbeat> heartbeats = new ArrayList<>();
    for (Published message : published) {
      if (message.channel() == Channel.HEARTBEAT) {
        heartbeats.add(Heartbeat.parseFrom(message.payload()));
      }
    }
    return heartbeats;
  }

  /** The newest status of each device. */
  Map<String, DeviceStatus> statuses() throws InvalidProtocolBufferException {
    Map<String, DeviceStatus> newest = new LinkedHashMap<>();
    for (Published message : published) {
      if (message.channel() == Channel.STATUS) {
        newest.put(message.id().toString(), DeviceStatus.parseFrom(message.payload()));
      }
    }
    return newest;
  }
}
