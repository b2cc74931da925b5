package dev.earshot.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.agent.FaultFlash.When;
import dev.earshot.agent.MatrixStory.Scene;
import dev.earshot.agent.device.DiskFlash;
import dev.earshot.agent.port.Flash;
import dev.earshot.agent.update.DeviceRecord;
import dev.earshot.agent.update.RecordCodec;
import dev.earshot.protocol.v1.UpdateReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every story of commands against every fault, most on real files: the power fails before and after
 * each change of the flash (and in the middle of each append), the last write is torn, the disk is
 * full or read-only, the clock is wrong, reports are lost; and in some the agent is a process of
 * its own that is killed. A case is named by story, state, operation and fault. After each the
 * device listens with a complete, verified model (the engine of these tests refuses any other), is
 * at rest within a bounded number of boots, the server's picture is the device's record, and the
 * next update succeeds.
 */
class UpdateMatrixIT {
  private static final int MOST_BOOTS = 4;

  @TempDir private Path temporary;
  private int directories;

  /** What goes wrong around an operation. */
  private enum Fault {
    CUT_BEFORE,
    CUT_HALFWAY,
    CUT_AFTER,
    TORN_SHORT,
    TORN_RUBBISH,
    RENAME_LOST
  }

  /** An operation of an undisturbed story. */
  private record Operation(int number, String name, String state) {}

  @TestFactory
  Stream<DynamicTest> powerFailsOrTheLastWriteTears_updateEndsAsIfNothingHadHappened()
      throws IOException {
    List<DynamicTest> cases = new ArrayList<>();
    for (MatrixStory story : MatrixStory.values()) {
      for (Operation operation : operations(story)) {
        for (Fault fault : Fault.values()) {
          if (applies(fault, operation) && (isOnDisk(story) || !isTorn(fault))) {
            String name =
                "%s in %s: %s %s"
                    .formatted(
                        story,
                        operation.state(),
                        fault,
                        operation.number() + " " + operation.name());
            cases.add(DynamicTest.dynamicTest(name, () -> faulted(story, operation, fault)));
          }
        }
      }
    }
    assertTrue(cases.size() >= 90, cases.size() + " cases");
    return cases.stream();
  }

  /** Forcing files is slow: the stories that write most alike run in memory. */
  private static boolean isOnDisk(MatrixStory story) {
    return switch (story) {
      case INSTALL, REVERT, REVERT_IN_TRIAL, WAIT_FOR_CHARGER_AND_QUIET -> true;
      case INSTALL_TOLD_TWICE,
          OFFER_WHILE_DOWNLOADING,
          TWO_GATEWAYS_WITH_DIFFERENT_COMMANDS,
          CANCEL_WHILE_DOWNLOADING,
          CANCEL_WHILE_WAITING,
          CANCEL_IN_TRIAL,
          FAILING_SELF_TEST,
          DEAD_MODEL ->
          false;
    };
  }

  private static boolean isTorn(Fault fault) {
    return switch (fault) {
      case TORN_SHORT, TORN_RUBBISH, RENAME_LOST -> true;
      case CUT_BEFORE, CUT_HALFWAY, CUT_AFTER -> false;
    };
  }

  private static boolean applies(Fault fault, Operation operation) {
    boolean record = operation.name().equals("record");
    boolean append = operation.name().startsWith("append");
    return switch (fault) {
      case CUT_BEFORE, CUT_AFTER -> true;
      case CUT_HALFWAY -> append;
      case TORN_SHORT, TORN_RUBBISH -> record || append || operation.name().equals("trust");
      case RENAME_LOST -> record;
    };
  }

  private World world(MatrixStory story, Path directory) throws IOException {
    Flash disk = isOnDisk(story) ? DiskFlash.open(directory) : new UnsyncedFlash();
    MatrixStory.OLD.factoryImage().installOn(disk);
    return new World(disk);
  }

  private Path directory() {
    return temporary.resolve("device-" + directories++);
  }

  private List<Operation> operations(MatrixStory story) throws IOException {
    World world = new World(new UnsyncedFlash());
    MatrixStory.OLD.factoryImage().installOn(world.flash);
    Scene scene = new Scene(world);
    world.boot();
    story.prepare(scene);
    int before = world.flash.operations.size();
    List<String> states = new ArrayList<>();
    world.flash.watching = () -> states.add(state(world));
    story.tell(scene);
    List<Operation> operations = new ArrayList<>();
    List<String> names = world.flash.operations;
    for (int at = before; at < names.size(); at++) {
      operations.add(new Operation(at - before + 1, names.get(at), states.get(at - before)));
    }
    assertEquals(story.listensWith, world.listening.listensWith(), story + " undisturbed");
    return operations;
  }

  private static String state(World world) {
    try {
      return RecordCodec.decode(world.flash.readRecord().orElseThrow())
          .state()
          .getClass()
          .getSimpleName();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void faulted(MatrixStory story, Operation operation, Fault fault) throws IOException {
    Path directory = directory();
    World world = world(story, directory);
    Scene scene = new Scene(world);
    world.boot();
    story.prepare(scene);
    When when =
        switch (fault) {
          case CUT_BEFORE -> When.BEFORE;
          case CUT_HALFWAY -> When.HALFWAY;
          case CUT_AFTER, TORN_SHORT, TORN_RUBBISH, RENAME_LOST -> When.AFTER;
        };
    world.flash.cutAt(operation.number(), when);
    story.tell(scene);
    assertTrue(!world.isOn(), "the power was cut");
    if (world.medium() instanceof UnsyncedFlash memory) {
      memory.losePower(new SplittableRandom(operation.number()));
    }
    tear(directory, operation, fault);

    int boots = world.boots;
    world.boot();
    assertTrue(world.isOn(), "it starts at once");
    assertWhole(world);
    story.tell(scene);
    world.pass(Duration.ofHours(2));
    assertTrue(world.boots - boots <= MOST_BOOTS);
    atRestAndTold(world);
    assertEquals(story.listensWith, world.listening.listensWith());
    UpdateReport told = world.server.picture().getUpdate();
    if (!isTorn(fault)) {
      assertEquals(story.result, told.getCommandId() + " " + told.getState(), told.getText());
    }
    nextUpdateSucceeds(scene);
    DiskFlash.close(world.medium());
  }

  private static void tear(Path directory, Operation operation, Fault fault) throws IOException {
    Path file =
        switch (operation.name()) {
          case "append MANIFEST" -> newest(directory, "manifest.json");
          case "append SELF_TEST" -> newest(directory, "self-test.pb");
          case "append MODEL" -> newest(directory, "model.tflite");
          case "trust" -> directory.resolve("trust");
          default -> directory.resolve("state");
        };
    switch (fault) {
      case CUT_BEFORE, CUT_HALFWAY, CUT_AFTER -> {}
      case TORN_SHORT -> {
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length - Math.min(whole.length, 37)));
      }
      case TORN_RUBBISH -> {
        byte[] whole = Files.readAllBytes(file);
        Arrays.fill(whole, Math.max(0, whole.length - 41), whole.length, (byte) 0xa5);
        Files.write(file, whole);
      }
      case RENAME_LOST -> {
        Files.move(file, directory.resolve("state.new"));
        if (Files.exists(directory.resolve("state.old"))) {
          Files.copy(directory.resolve("state.old"), file);
        }
      }
    }
  }

  /** Of the two slots, the one that was written last. */
  private static Path newest(Path directory, String name) throws IOException {
    Path a = directory.resolve("slot-a").resolve(name);
    Path b = directory.resolve("slot-b").resolve(name);
    if (!Files.exists(a) || !Files.exists(b)) {
      return Files.exists(a) ? a : b;
    }
    return Files.getLastModifiedTime(a).compareTo(Files.getLastModifiedTime(b)) > 0 ? a : b;
  }

  private static void assertWhole(World world) {
    assertNotNull(world.listening.active, "it listens");
  }

  private static void atRestAndTold(World world) throws IOException {
    assertTrue(world.isAtRest(), "at rest, not in " + world.stored().state());
    assertWhole(world);
    DeviceRecord record = world.agent().record();
    assertEquals(record.active(), world.server.picture().getActiveSlot());
    assertEquals(world.listening.listensWith(), world.server.release(), "the server's picture");
    assertEquals(List.of(), record.books().untold(), "everything was told");
    if (record.report() != null) {
      assertNotNull(world.server.result(Objects.requireNonNull(record.report()).commandId()));
    }
  }

  private static void nextUpdateSucceeds(Scene scene) throws IOException {
    World world = scene.world;
    world.registry.silent = false;
    scene.tell(TestDevice.install("c-last", MatrixStory.LAST));
    scene.trial();
    world.pass(Duration.ofMinutes(2));
    atRestAndTold(world);
    assertEquals(MatrixStory.LAST.name(), world.listening.listensWith());
  }

  /** What is wrong with the world from the beginning of a story until the device restarts. */
  private static final Map<String, MatrixStory.Trouble> TROUBLES = new HashMap<>();

  static {
    TROUBLES.put("disk is full", scene -> scene.world.flash.full = true);
    TROUBLES.put("disk is read-only", scene -> scene.world.flash.readOnly = true);
    TROUBLES.put("clock says 1970", scene -> clock(scene, -20_454));
    TROUBLES.put("clock says 2038", scene -> clock(scene, 4383));
    TROUBLES.put("reports are lost", scene -> scene.world.gateway.acknowledging = false);
    TROUBLES.put(
        "acknowledgements are lost", scene -> scene.world.gateway.losesAcknowledgements = true);
  }

  private static void clock(Scene scene, int days) {
    scene.world.time.clockError = Duration.ofDays(days);
  }

  @TestFactory
  Stream<DynamicTest> worldIsInTrouble_deviceStaysWholeAndComesToRest() {
    return TROUBLES.entrySet().stream()
        .flatMap(
            trouble ->
                Stream.of(MatrixStory.values())
                    .flatMap(
                        story ->
                            Stream.of(false, true)
                                .map(
                                    cut ->
                                        DynamicTest.dynamicTest(
                                            story
                                                + ": "
                                                + trouble.getKey()
                                                + (cut ? ", then the power fails" : ""),
                                            () -> troubled(story, trouble.getValue(), cut)))));
  }

  private void troubled(MatrixStory story, MatrixStory.Trouble trouble, boolean cut)
      throws IOException {
    World world = world(story, directory());
    Scene scene = new Scene(world);
    world.boot();
    story.prepare(scene);
    trouble.befall(scene);
    story.tell(scene);
    world.pass(Duration.ofHours(1));
    assertWhole(world);
    int boots = world.boots;
    if (cut) {
      world.cut();
    }
    world.flash.full = false;
    world.flash.readOnly = false;
    world.gateway.acknowledging = true;
    world.gateway.losesAcknowledgements = false;
    world.time.clockError = Duration.ZERO;
    if (cut) {
      world.boot();
    }
    world.then(Agent::onDisconnected);
    world.then(Agent::onConnected);
    story.tell(scene);
    world.pass(Duration.ofHours(8));
    assertTrue(world.boots - boots <= MOST_BOOTS);
    atRestAndTold(world);
    nextUpdateSucceeds(scene);
    DiskFlash.close(world.medium());
  }

  @TestFactory
  @Tag("process")
  Stream<DynamicTest> processIsKilled_updateEndsAsIfNothingHadHappened() throws IOException {
    List<DynamicTest> cases = new ArrayList<>();
    List<Operation> operations = operations(MatrixStory.INSTALL);
    for (Operation operation : operations) {
      When when = operation.number() % 2 == 0 ? When.BEFORE : When.AFTER;
      cases.add(
          DynamicTest.dynamicTest(
              "process killed %s %s %s in %s"
                  .formatted(when, operation.number(), operation.name(), operation.state()),
              () -> killed(operation, when)));
    }
    assertTrue(cases.size() >= 12, cases.size() + " processes");
    return cases.stream();
  }

  private void killed(Operation operation, When when) throws Exception {
    Path directory = directory();
    Process agent =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                MatrixChild.class.getName(),
                directory.toString(),
                String.valueOf(operation.number()),
                when.name())
            .redirectErrorStream(true)
            .start();
    try {
      List<String> said = new ArrayList<>();
      try (var lines = agent.inputReader()) {
        for (String line = lines.readLine();
            line != null && !line.equals(MatrixChild.AT_THE_POINT);
            line = lines.readLine()) {
          said.add(line);
        }
        assertTrue(agent.isAlive(), () -> "it ended by itself: " + said);
        agent.destroyForcibly(); // SIGKILL
        assertTrue(agent.waitFor(60, TimeUnit.SECONDS));
      }
    } finally {
      agent.destroyForcibly();
    }
    World world = new World(DiskFlash.open(directory));
    Scene scene = new Scene(world);
    world.boot();
    assertTrue(world.isOn(), "it starts at once");
    assertWhole(world);
    MatrixStory.INSTALL.tell(scene);
    world.pass(Duration.ofHours(2));
    atRestAndTold(world);
    assertEquals(MatrixStory.INSTALL.listensWith, world.listening.listensWith());
    UpdateReport told = world.server.picture().getUpdate();
    assertEquals(
        MatrixStory.INSTALL.result, told.getCommandId() + " " + told.getState(), told.getText());
    nextUpdateSucceeds(scene);
    DiskFlash.close(world.medium());
  }
}
