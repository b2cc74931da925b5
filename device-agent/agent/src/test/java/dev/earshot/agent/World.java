package dev.earshot.agent;

import dev.earshot.agent.port.Flash;
import dev.earshot.agent.port.Outbox;
import dev.earshot.agent.port.Supply;
import dev.earshot.agent.update.DeviceRecord;
import dev.earshot.agent.update.RecordCodec;
import dev.earshot.agent.update.UpdateState;
import dev.earshot.protocol.v1.DeviceAttributes;
import dev.earshot.protocol.v1.DeviceCommand;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * One device on any flash, with the power in the test's hand: whatever is done may end in a power
 * cut, after which the device is off, and nothing but its flash is left of it. Its server lives on.
 */
final class World {
  static final int TRIAL_SECONDS = TestDevice.TRIAL_SECONDS;

  final ManualTimers time = new ManualTimers();
  final FaultFlash flash;
  final TestRegistry registry = new TestRegistry(time);
  final TestGateway gateway = new TestGateway(time);
  final Server server = new Server();
  TestListening listening = new TestListening(time);
  Supply.Reading supply = Supply.Reading.MAINS;
  int boots;
  private @Nullable Agent agent;
  private int taken;
  private long orders;

  private final Flash medium;

  World(Flash medium) {
    this.medium = medium;
    flash = new FaultFlash(medium);
  }

  /** Something that is done to a device that is on. */
  @FunctionalInterface
  interface Deed {
    void to(Agent agent) throws IOException;
  }

  Flash medium() {
    return medium;
  }

  boolean isOn() {
    return agent != null;
  }

  Agent agent() {
    Agent running = agent;
    if (running == null) {
      throw new AssertionError("the device is off");
    }
    return running;
  }

  /** Does that and what it leads to; without effect on a device that is off. */
  void then(Deed deed) {
    Agent running = agent;
    if (running == null) {
      return;
    }
    try {
      deed.to(running);
      time.settle();
    } catch (FaultFlash.PowerCut cut) {
      // seen below; it may also have ended in somebody's callback
    } catch (IOException e) {
      flash.cutNow(); // it can't start: it is as good as off
    }
    serve();
    if (flash.isOff()) {
      off();
    }
  }

  /** The server reads what has come. */
  void serve() {
    for (; taken < gateway.statuses.size(); taken++) {
      server.take(gateway.statuses.get(taken));
    }
  }

  /** The power fails between two things. */
  void cut() {
    flash.cutNow();
    off();
  }

  private void off() {
    Agent running = agent;
    if (running != null) {
      running.stop();
      agent = null;
    }
    time.forget();
    gateway.forget();
  }

  /** Boots and connects; it may be off again afterwards. */
  void boot() throws IOException {
    boots++;
    flash.powerIsBack();
    start();
  }

  /** The same with a fault that was planned already. */
  void start() throws IOException {
    TestListening before = listening;
    listening = new TestListening(time);
    listening.takeAfter(before);
    agent = newAgent();
    then(Agent::start);
    then(Agent::onConnected);
  }

  /**
   * That command with the director's order for it, as its server sends it. The order tells the day
   * alone, so that lives which order the same share one signature.
   */
  DeviceCommand ordered(DeviceCommand command) {
    Instant today = time.instant().truncatedTo(ChronoUnit.DAYS);
    return SIGNED.computeIfAbsent(
        new Signing(command, ++orders, today),
        signing ->
            TestDevice.ordered(
                signing.command(), TestDevice.ID, signing.version(), signing.today().plus(LATE)));
  }

  private record Signing(DeviceCommand command, long version, Instant today) {}

  private static final Map<Signing, DeviceCommand> SIGNED = new ConcurrentHashMap<>();

  /** An order holds for a day from its issue. */
  private static final Duration LATE = Duration.ofHours(23);

  /** A gateway delivers that. */
  void tell(DeviceCommand command) {
    byte[] bytes = command.toByteArray();
    then(running -> running.onCommand(bytes));
  }

  void pass(Duration duration) {
    then(running -> time.pass(duration));
  }

  /** What is in flash. */
  DeviceRecord stored() throws IOException {
    return RecordCodec.decode(flash.readRecord().orElseThrow());
  }

  boolean isAtRest() throws IOException {
    return isOn() && stored().state() instanceof UpdateState.Idle;
  }

  private Agent newAgent() throws IOException {
    return new Agent(
        TestDevice.ID,
        DeviceAttributes.newBuilder().setChip("ndp120").setRegion("eu").build(),
        AgentSettings.defaults(TestRelease.ANCHORS).withHeartbeatInterval(Duration.ofHours(6)),
        new AgentPorts(
            (channel, payload) -> {
              flash.requirePower();
              return gateway.publish(channel, payload);
            },
            registry,
            flash,
            listening,
            time,
            time::wallClock,
            new SplittableRandom(1),
            () -> supply,
            Outbox.forgetful()));
  }
}
