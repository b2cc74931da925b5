package dev.earshot.agent;

import dev.earshot.agent.port.Listening.SelfTestResult;
import dev.earshot.agent.port.Supply;
import dev.earshot.protocol.v1.DeviceCommand;
import dev.earshot.protocol.v1.InstallConditions;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** An order of commands and what comes of it when nothing disturbs. */
enum MatrixStory {
  INSTALL("hey-nova:1.1.0", "c1 COMMITTED") {
    @Override
    void tell(Scene scene) {
      scene.tell(TestDevice.install("c1", NEW));
      scene.trial();
    }
  },
  INSTALL_TOLD_TWICE("hey-nova:1.1.0", "c1 COMMITTED") {
    @Override
    void tell(Scene scene) {
      scene.tell(TestDevice.install("c1", NEW));
      scene.tell(TestDevice.install("c1", NEW));
      scene.trial();
      scene.tell(TestDevice.install("c1", NEW));
    }
  },
  OFFER_WHILE_DOWNLOADING("hey-nova:1.2.0", "c2 COMMITTED") {
    @Override
    void tell(Scene scene) {
      scene.world.registry.silent = true;
      scene.tell(TestDevice.install("c1", NEW));
      scene.world.registry.silent = false;
      scene.tell(TestDevice.install("c2", NEWER));
      scene.trial();
    }
  },
  TWO_GATEWAYS_WITH_DIFFERENT_COMMANDS("hey-nova:1.2.0", "c2 COMMITTED") {
    @Override
    void tell(Scene scene) {
      scene.tell(TestDevice.install("c1", NEW));
      scene.tell(TestDevice.install("c2", NEWER));
      scene.tell(TestDevice.install("c1", NEW));
      scene.trial();
      scene.trial();
    }
  },
  CANCEL_WHILE_DOWNLOADING("hey-nova:1.0.0", "c2 FAILED") {
    @Override
    void tell(Scene scene) {
      scene.world.registry.silent = true;
      scene.tell(TestDevice.install("c1", NEW));
      scene.tell(TestDevice.cancel("c2"));
    }
  },
  CANCEL_WHILE_WAITING("hey-nova:1.0.0", "c2 FAILED") {
    @Override
    void tell(Scene scene) {
      scene.world.supply = new Supply.Reading(false, 20);
      scene.tell(TestDevice.install("c1", NEW, CHARGING));
      scene.tell(TestDevice.cancel("c2"));
    }
  },
  CANCEL_IN_TRIAL("hey-nova:1.1.0", "c1 COMMITTED") {
    @Override
    void tell(Scene scene) {
      scene.tell(TestDevice.install("c1", NEW));
      scene.tell(TestDevice.cancel("c2"));
      scene.trial();
    }
  },
  WAIT_FOR_CHARGER_AND_QUIET("hey-nova:1.1.0", "c1 COMMITTED") {
    @Override
    void tell(Scene scene) {
      scene.world.supply = new Supply.Reading(false, 20);
      scene.world.listening.wokeMillis = scene.world.time.monotonicMillis() + 150_000;
      scene.tell(TestDevice.install("c1", NEW, CHARGING));
      scene.world.supply = new Supply.Reading(true, 20);
      scene.world.pass(Duration.ofMinutes(6));
      scene.trial();
    }
  },
  REVERT("hey-nova:1.0.0", "c1 ROLLED_BACK") {
    @Override
    void prepare(Scene scene) {
      scene.tell(TestDevice.install("c0", NEW));
      scene.trial();
    }

    @Override
    void tell(Scene scene) {
      scene.tell(TestDevice.revert("c1", OLD));
    }
  },
  REVERT_IN_TRIAL("hey-nova:1.0.0", "c1 ROLLED_BACK") {
    @Override
    void prepare(Scene scene) {
      scene.tell(TestDevice.install("c0", NEW));
    }

    @Override
    void tell(Scene scene) {
      scene.tell(TestDevice.revert("c1", OLD));
    }
  },
  FAILING_SELF_TEST("hey-nova:1.0.0", "c1 FAILED") {
    @Override
    void prepare(Scene scene) {
      scene.world.listening.selfTests.put(NEW.name(), new SelfTestResult.Failed("vector 0"));
    }

    @Override
    void tell(Scene scene) {
      scene.tell(TestDevice.install("c1", NEW));
    }
  },
  DEAD_MODEL("hey-nova:1.0.0", "c1 ROLLED_BACK") {
    @Override
    void prepare(Scene scene) {
      scene.world.listening.idling = NEW.name();
    }

    @Override
    void tell(Scene scene) {
      scene.tell(TestDevice.install("c1", NEW));
      scene.trial();
    }
  };

  static final TestRelease OLD = TestRelease.of("hey-nova:1.0.0", 1, 1500);
  static final TestRelease NEW = TestRelease.of("hey-nova:1.1.0", 2, 1500);
  static final TestRelease NEWER = TestRelease.of("hey-nova:1.2.0", 3, 1500);
  static final TestRelease LAST = TestRelease.of("hey-nova:2.0.0", 9, 1500);
  private static final InstallConditions CHARGING =
      InstallConditions.newBuilder().setCharging(true).setIdle(true).build();

  final String listensWith;
  final String result;

  MatrixStory(String listensWith, String result) {
    this.listensWith = listensWith;
    this.result = result;
  }

  /** What happens before the fault. */
  void prepare(Scene scene) {}

  /** What happens while there is one; told again after a restart, as a server does. */
  abstract void tell(Scene scene);

  /** Something that is wrong with the world. */
  @FunctionalInterface
  interface Trouble {
    void befall(Scene scene);
  }

  /** A device, and a server that gives each command one order, however often it tells it. */
  static final class Scene {
    final World world;
    private final Map<String, DeviceCommand> orders = new HashMap<>();

    Scene(World world) {
      this.world = world;
      for (TestRelease release : new TestRelease[] {OLD, NEW, NEWER, LAST}) {
        world.registry.publish(release);
      }
    }

    void tell(DeviceCommand command) {
      world.tell(orders.computeIfAbsent(command.getCommandId(), any -> world.ordered(command)));
    }

    void trial() {
      world.pass(Duration.ofSeconds(World.TRIAL_SECONDS + 1));
    }
  }
}
