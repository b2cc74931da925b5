package dev.earshot.agent;

import com.google.protobuf.ByteString;
import dev.earshot.agent.port.Outbox;
import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.v1.Cancel;
import dev.earshot.protocol.v1.DeviceAttributes;
import dev.earshot.protocol.v1.DeviceCommand;
import dev.earshot.protocol.v1.Install;
import dev.earshot.protocol.v1.Revert;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/** One agent with a world that the test governs. Its flash outlives the agent. */
final class TestDevice {
  static final int TRIAL_SECONDS = 600;

  final ManualTimers time = new ManualTimers();
  final MemoryFlash flash = new MemoryFlash();
  final TestRegistry registry = new TestRegistry(time);
  final TestGateway gateway = new TestGateway(time);
  int heartbeatCapacity = 96;

  /** Made anew at each boot, as a medium is opened. */
  Supplier<Outbox> outbox = Outbox::forgetful;

  TestListening listening = new TestListening(time);
  Agent agent;

  TestDevice(TestRelease factory) throws IOException {
    factory.factoryImage().installOn(flash);
    agent = newAgent();
  }

  /** Boots and connects. */
  TestDevice on() {
    try {
      agent.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    agent.onConnected();
    time.settle();
    return this;
  }

  /** Everything in memory is gone; the flash stays. */
  TestDevice powerCut() {
    agent.stop();
    time.forget();
    flash.powerIsBack();
    listening = new TestListening(time);
    agent = newAgent();
    return this;
  }

  void pass(Duration duration) {
    time.pass(duration);
  }

  void passTrial() {
    pass(Duration.ofSeconds(TRIAL_SECONDS + 1));
  }

  void tell(DeviceCommand command) {
    agent.onCommand(command.toByteArray());
    time.settle();
  }

  static DeviceCommand install(String id, TestRelease release) {
    return command(id)
        .setInstall(
            Install.newBuilder()
                .setRelease(release.name())
                .setManifestDigest(digest(release))
                .setRegistryUrl(TestRegistry.URL)
                .setTrialSeconds(TRIAL_SECONDS))
        .build();
  }

  static DeviceCommand revert(String id, TestRelease release) {
    return command(id)
        .setRevert(
            Revert.newBuilder()
                .setRelease(release.name())
                .setManifestDigest(digest(release))
                .setRegistryUrl(TestRegistry.URL)
                .setReason("false accepts in cars"))
        .build();
  }

  static DeviceCommand cancel(String id) {
    return command(id).setCancel(Cancel.newBuilder().setReason("operator")).build();
  }

  private static DeviceCommand.Builder command(String id) {
    return DeviceCommand.newBuilder().setCommandId(id).setRollout("r-1");
  }

  private static ByteString digest(TestRelease release) {
    return ByteString.copyFrom(release.signed().digest().bytes());
  }

  private Agent newAgent() {
    PublisherTrust trust = new PublisherTrust(Set.of(TestRelease.PUBLISHER.publicKey()), 1);
    try {
      return new Agent(
          DeviceId.parse("home/kitchen-1"),
          DeviceAttributes.newBuilder().setChip("ndp120").setRegion("eu").build(),
          AgentSettings.defaults(trust).withHeartbeatCapacity(heartbeatCapacity),
          new AgentPorts(
              gateway, registry, flash, listening, time, time, new SplittableRandom(1), outbox.get()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
