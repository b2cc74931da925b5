package dev.earshot.agent;

import dev.earshot.agent.device.DiskFlash;
import dev.earshot.agent.port.Flash;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/**
 * An agent in a process of its own: takes an install, and at the n-th change of its flash says so
 * and stands still until it is killed.
 */
final class MatrixChild {
  static final String AT_THE_POINT = "at the point";

  private MatrixChild() {}

  public static void main(String[] args) throws IOException {
    Flash disk = DiskFlash.open(Path.of(args[0]));
    MatrixStory.OLD.factoryImage().installOn(disk);
    World world = new World(disk);
    MatrixStory.Scene scene = new MatrixStory.Scene(world);
    world.flash.atCut =
        () -> {
          System.out.println(AT_THE_POINT);
          try {
            new CountDownLatch(1).await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        };
    world.boot();
    world.flash.cutAt(Integer.parseInt(args[1]), FaultFlash.When.valueOf(args[2]));
    MatrixStory.INSTALL.tell(scene);
  }
}
