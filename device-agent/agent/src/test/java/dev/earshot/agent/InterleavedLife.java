package dev.earshot.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.agent.port.Flash.Part;
import dev.earshot.agent.port.Listening.SelfTestResult;
import dev.earshot.agent.port.Supply;
import dev.earshot.agent.update.DeviceRecord;
import dev.earshot.agent.update.MachineFixtures;
import dev.earshot.agent.update.Report;
import dev.earshot.agent.update.Slots;
import dev.earshot.protocol.v1.DeviceCommand;
import dev.earshot.protocol.v1.InstallConditions;
import dev.earshot.protocol.v1.Slot;
import dev.earshot.protocol.v1.UpdateReport;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * One life of a device, and what must hold in it. After each step: the record in flash is one that
 * is safe to start from; a device that is on listens, with a release that somebody ordered or the
 * factory installed (that its bytes are the publisher's, the engine of these tests sees to itself);
 * no boot id and no status number is used twice. In the end, when the world is well again: the
 * update ends within a bounded time, and the server's picture is the device's record, down to the
 * result of each command that the device still had to tell.
 */
final class InterleavedLife {
  private static final TestRelease OLD = TestRelease.of("hey-nova:1.0.0", 1, 700);
  private static final List<TestRelease> RELEASES =
      List.of(
          OLD,
          TestRelease.of("hey-nova:1.1.0", 2, 900),
          TestRelease.of("hey-nova:1.2.0", 3, 2500),
          OLD.retuned("hey-nova:1.2.1", 4, 110));
  private static final TestRelease BIG = TestRelease.of("hey-nova:1.3.0", 5, 90_000);
  private static final Set<String> EVERY_NAME = names();

  private static Set<String> names() {
    Set<String> names = new HashSet<>();
    RELEASES.forEach(release -> names.add(release.name()));
    names.add(BIG.name());
    return names;
  }

  /** What can happen. */
  enum Kind {
    INSTALL,
    INSTALL_AGAIN,
    INSTALL_UNDER_CONDITIONS,
    REVERT,
    CANCEL,
    REPEAT,
    BY_HAND,
    SECONDS,
    MINUTES,
    HOURS,
    NETWORK,
    DISCONNECT,
    CONNECT,
    ACKNOWLEDGEMENTS,
    MODEL_FAULT,
    BAD_MODEL,
    FLASH,
    CUT_AT,
    CUT_AT_SOON,
    CUT_NOW,
    CUT_AND_RECORD_LOST,
    CLOCK,
    SUPPLY,
    WAKE,
    ROT
  }

  /** Something that happens; {@code how} decides the details. */
  record Act(Kind kind, int how) {}

  private final UnsyncedFlash medium = new UnsyncedFlash();
  private final World world = new World(medium);
  private final SplittableRandom chance;
  private final List<DeviceCommand> commands = new ArrayList<>();
  private final Map<String, Report> ended = new HashMap<>();
  private boolean recordLost;
  private boolean rotten;
  private int bootId;
  private int commits;

  InterleavedLife(long seed) {
    chance = new SplittableRandom(~seed);
  }

  int boots() {
    return world.boots;
  }

  int commits() {
    return commits;
  }

  /** What went wrong, if anything. */
  Optional<Throwable> live(List<Act> acts) {
    try {
      OLD.factoryImage().installOn(medium);
      RELEASES.forEach(world.registry::publish);
      world.registry.publish(BIG);
      world.boot();
      check();
      for (Act act : acts) {
        act(act);
        if (!world.isOn()) {
          comeBack();
        }
        check();
      }
      heal();
      return Optional.empty();
    } catch (IOException | RuntimeException | AssertionError e) {
      return Optional.of(e);
    }
  }

  private void act(Act act) {
    int how = act.how();
    switch (act.kind()) {
      case INSTALL, INSTALL_AGAIN -> install(how, InstallConditions.getDefaultInstance());
      case INSTALL_UNDER_CONDITIONS -> install(how, conditions(how >> 4));
      case REVERT -> tell(TestDevice.revert(id(), release(how)));
      case CANCEL -> tell(TestDevice.cancel(id()));
      case REPEAT -> {
        if (!commands.isEmpty()) { // as another gateway does that has not heard of the first
          world.tell(commands.get(how % commands.size()));
        }
      }
      case BY_HAND -> world.then(agent -> agent.revertByHand("button"));
      case SECONDS -> world.pass(Duration.ofSeconds(how % 61));
      case MINUTES -> world.pass(Duration.ofSeconds(how % (2 * World.TRIAL_SECONDS)));
      case HOURS -> world.pass(Duration.ofMinutes(how % 1800));
      case NETWORK -> {
        world.registry.breakAfterBytes = how % 3000;
        world.registry.breaks = how % 5;
        world.registry.unreachable = how % 7 == 0;
        world.registry.silent = how % 11 == 0;
      }
      case DISCONNECT -> world.then(Agent::onDisconnected);
      case CONNECT -> world.then(Agent::onConnected);
      case ACKNOWLEDGEMENTS -> {
        world.gateway.acknowledging = how % 3 != 0;
        world.gateway.losesAcknowledgements = how % 3 == 1;
      }
      case MODEL_FAULT -> world.then(agent -> agent.onModelFault("watchdog"));
      case BAD_MODEL -> badModel(release(how).name(), how >> 4);
      case FLASH -> {
        world.flash.readOnly = how % 3 == 0;
        world.flash.full = how % 3 == 1;
      }
      case CUT_AT -> world.flash.cutAt(1 + how % 12, when(how >> 8));
      case CUT_AT_SOON -> world.flash.cutAt(1 + how % 3, when(how >> 8));
      case CUT_NOW -> world.cut();
      case CUT_AND_RECORD_LOST -> {
        world.cut();
        recordLost |= medium.loseNewestRecord();
      }
      case CLOCK -> world.time.clockError = Duration.ofDays(how % 3 == 0 ? -20_454 : how % 4383);
      case SUPPLY -> world.supply = new Supply.Reading(how % 2 == 0, how % 101);
      case WAKE -> world.listening.wokeMillis = world.time.monotonicMillis();
      case ROT -> rot(how);
    }
  }

  private static FaultFlash.When when(int how) {
    return FaultFlash.When.values()[how % 3];
  }

  private static TestRelease release(int how) {
    return how % 23 == 0 ? BIG : RELEASES.get(how % RELEASES.size());
  }

  private String id() {
    return "c" + commands.size();
  }

  private void install(int how, InstallConditions conditions) {
    tell(TestDevice.install(id(), release(how), conditions));
  }

  private static InstallConditions conditions(int how) {
    return InstallConditions.newBuilder()
        .setCharging(how % 2 == 0)
        .setBatteryMinPct(how % 3 == 0 ? 50 : 0)
        .setIdle(how % 5 < 2)
        .setDailyBytes(how % 7 < 3 ? 40_000 : 0)
        .build();
  }

  private void tell(DeviceCommand command) {
    DeviceCommand ordered = world.ordered(command);
    commands.add(ordered);
    world.tell(ordered);
  }

  private void badModel(String name, int how) {
    switch (how % 4) {
      case 0 -> world.listening.selfTests.put(name, new SelfTestResult.Failed("vector 0 differs"));
      case 1 -> world.listening.idling = name;
      case 2 -> world.listening.hungry = name;
      default -> world.listening.selfTests.clear();
    }
  }

  /** A slot rots, but never the last one that is whole: no software lives through that. */
  private void rot(int how) {
    if (!world.isOn() || rotten) {
      return;
    }
    Slot active = world.agent().record().active();
    boolean both = world.agent().record().content(Slots.other(active)).isPresent();
    Slot slot = both && how % 2 == 0 ? active : Slots.other(active);
    rotten = medium.rot(slot, Part.values()[how % 3]);
  }

  private void comeBack() throws IOException {
    medium.losePower(chance);
    world.flash.readOnly = false;
    world.flash.full &= chance.nextBoolean();
    world.boot();
    if (!world.isOn()) { // the disk is still full
      world.flash.full = false;
      world.boot();
    }
  }

  private void check() throws IOException {
    DeviceRecord stored = world.stored();
    if (!rotten) {
      MachineFixtures.requireSafe(stored);
    }
    if (!world.isOn()) {
      return;
    }
    DeviceRecord record = world.agent().record();
    assertEquals(stored.state(), record.state(), "in flash before it is acted on");
    assertEquals(stored.active(), record.active());
    String release = world.listening.listensWith();
    assertTrue(EVERY_NAME.contains(release), "listens with " + release);
    assertTrue(record.bootId() >= bootId, "boot ids never go back");
    bootId = record.bootId();
    Report report = record.report();
    if (report != null && ended.put(report.commandId(), report) == null) {
      commits += report.state() == dev.earshot.protocol.v1.UpdateState.COMMITTED ? 1 : 0;
    }
  }

  private void heal() throws IOException {
    world.flash.powerIsBack();
    world.flash.readOnly = false;
    world.flash.full = false;
    world.registry.unreachable = false;
    world.registry.silent = false;
    world.registry.breaks = 0;
    world.gateway.acknowledging = true;
    world.gateway.losesAcknowledgements = false;
    world.supply = Supply.Reading.MAINS;
    world.then(Agent::onDisconnected);
    world.then(Agent::onConnected);
    int days = 0;
    do { // a command may still wait for a root that it needs
      world.pass(Duration.ofDays(1));
      check();
    } while (!world.isAtRest() && ++days < 8);
    assertTrue(world.isAtRest(), "at rest, not in " + world.stored().state());
    converged();
  }

  private void converged() throws IOException {
    DeviceRecord record = world.agent().record();
    var picture = world.server.picture();
    assertEquals(record.active(), picture.getActiveSlot());
    assertEquals(world.listening.listensWith(), world.server.release(), "the server's picture");
    for (Slot slot : List.of(Slot.SLOT_A, Slot.SLOT_B)) {
      assertEquals(
          record.content(slot).map(content -> content.release().toString()).orElse(""),
          picture.getSlots(slot.getNumber() - 1).getRelease());
    }
    Report newest = record.report();
    boolean refusal = // of an order that is none: told once, and not kept
        picture.getUpdate().getState() == dev.earshot.protocol.v1.UpdateState.REJECTED
            && !record.knows(picture.getUpdate().getCommandId());
    if (newest != null && !refusal) {
      assertEquals(newest.toMessage(), picture.getUpdate());
    }
    assertEquals(List.of(), record.books().untold(), "everything was told");
    if (recordLost) {
      return; // a result may have been in the record that the medium lost
    }
    for (Report report : ended.values()) {
      UpdateReport heard = world.server.result(report.commandId());
      assertNotNull(heard, "the server never heard how " + report.commandId() + " ended");
      assertEquals(report.toMessage(), Objects.requireNonNull(heard));
    }
  }
}
