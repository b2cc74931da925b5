package dev.earshot.agent;

import com.google.protobuf.ByteString;
import dev.earshot.agent.port.Outbox;
import dev.earshot.agent.port.Supply;
import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.Digest;
import dev.earshot.protocol.release.ReleaseRef;
import dev.earshot.protocol.trust.Order;
import dev.earshot.protocol.trust.TrustAnchors;
import dev.earshot.protocol.v1.Cancel;
import dev.earshot.protocol.v1.DeviceAttributes;
import dev.earshot.protocol.v1.DeviceCommand;
import dev.earshot.protocol.v1.Install;
import dev.earshot.protocol.v1.InstallConditions;
import dev.earshot.protocol.v1.Revert;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** One agent with a world that the test governs. Its flash outlives the agent. */
final class TestDevice {
  static final int TRIAL_SECONDS = 600;
  static final DeviceId ID = DeviceId.parse("home/kitchen-1");

  /** Bytes of the manifests that commands named, by digest. */
  private static final Map<ByteString, Integer> LENGTHS = new ConcurrentHashMap<>();

  final ManualTimers time = new ManualTimers();
  final MemoryFlash flash = new MemoryFlash();
  final TestRegistry registry = new TestRegistry(time);
  final TestGateway gateway = new TestGateway(time);
  int heartbeatCapacity = 96;

  /** Made anew at each boot, as a medium is opened. */
  Supplier<Outbox> outbox = Outbox::forgetful;

  TestListening listening = new TestListening(time);
  Supply.Reading supply = Supply.Reading.MAINS;
  Agent agent;
  long orders;

  private final TrustAnchors anchors;

  TestDevice(TestRelease factory) throws IOException {
    this(factory, TestRelease.ANCHORS);
  }

  /** With other roots pinned. */
  TestDevice(TestRelease factory, TrustAnchors anchors) throws IOException {
    this.anchors = anchors;
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

  /** With the director's order to do exactly that. */
  void tell(DeviceCommand command) {
    tellAsItIs(ordered(command, ID, ++orders, time.instant()));
  }

  /** Whatever it carries. */
  void tellAsItIs(DeviceCommand command) {
    agent.onCommand(command.toByteArray());
    time.settle();
  }

  /** That command with an order of that version, signed by the tests' director. */
  static DeviceCommand ordered(DeviceCommand command, DeviceId device, long version, Instant now) {
    Order order = order(command, device, version, now);
    return command.toBuilder()
        .setDirector(ByteString.copyFrom(TestRelease.TRUST.sign(order)))
        .build();
  }

  /** The order that fits that command. */
  static Order order(DeviceCommand command, DeviceId device, long version, Instant now) {
    boolean revert = command.hasRevert();
    String release = revert ? command.getRevert().getRelease() : command.getInstall().getRelease();
    ByteString digest =
        revert ? command.getRevert().getManifestDigest() : command.getInstall().getManifestDigest();
    boolean names = digest.size() == 32 && release.contains(":");
    return new Order(
        version,
        now.plus(Duration.ofDays(1)),
        device,
        command.getCommandId(),
        command.getRollout(),
        revert
            ? Order.Action.REVERT
            : command.hasInstall() && names ? Order.Action.INSTALL : Order.Action.CANCEL,
        names
            ? Optional.of(
                new Order.Target(
                    ReleaseRef.parse(release).manifestPath(),
                    LENGTHS.getOrDefault(digest, 1000),
                    Digest.ofBytes(digest.toByteArray())))
            : Optional.empty(),
        command.getInstall().getTrialSeconds(),
        now);
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

  static DeviceCommand install(String id, TestRelease release, InstallConditions conditions) {
    DeviceCommand command = install(id, release);
    return command.toBuilder()
        .setInstall(command.getInstall().toBuilder().setConditions(conditions))
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
    ByteString digest = ByteString.copyFrom(release.signed().digest().bytes());
    LENGTHS.put(digest, release.envelope().length);
    return digest;
  }

  private Agent newAgent() {
    try {
      return new Agent(
          ID,
          DeviceAttributes.newBuilder().setChip("ndp120").setRegion("eu").build(),
          AgentSettings.defaults(anchors).withHeartbeatCapacity(heartbeatCapacity),
          new AgentPorts(
              gateway,
              registry,
              flash,
              listening,
              time,
              time::wallClock,
              new SplittableRandom(1),
              () -> supply,
              outbox.get()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
