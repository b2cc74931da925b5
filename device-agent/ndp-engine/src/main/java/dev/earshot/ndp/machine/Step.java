package dev.earshot.ndp.machine;

import dev.earshot.ndp.kernel.Kernel;
import dev.earshot.ndp.kernel.Workspace;
import dev.earshot.ndp.plan.Plane;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * One step of a program: immutable and shared by all threads; what changes lives in the workspaces
 * of the calling thread. Runs allocate nothing.
 */
sealed interface Step {
  /**
   * @param planes where machine code works
   * @param bytes where plain kernels work
   */
  void run(MemorySegment planes, Workspace bytes);

  /** Operators in machine code, one after another. */
  record Compiled(MemorySegment code, MemorySegment constants) implements Step {
    @Override
    public void run(MemorySegment planes, Workspace bytes) {
      ExecutableCode.call(code, planes, constants);
    }
  }

  /** An operator by its plain kernel. */
  record Plain(Kernel kernel) implements Step {
    @Override
    public void run(MemorySegment planes, Workspace bytes) {
      kernel.run(bytes);
    }
  }

  /** Puts an activation of plain kernels where machine code turns it into int8 plus 128. */
  record Load(int slot, Place place) implements Step {
    @Override
    public void run(MemorySegment planes, Workspace bytes) {
      byte[] values = bytes.activation(slot);
      Plane plane = place.plane();
      int length = plane.width() * plane.channels();
      for (int y = 0; y < plane.height(); y++) {
        MemorySegment.copy(
            values,
            y * length,
            planes,
            ValueLayout.JAVA_BYTE,
            place.start() + plane.start(y, 0),
            length);
      }
    }
  }

  /** Puts an activation of machine code where plain kernels read it. */
  record Store(Place place, int slot) implements Step {
    @Override
    public void run(MemorySegment planes, Workspace bytes) {
      copy(planes, place, bytes.activation(slot));
    }

    static void copy(MemorySegment planes, Place place, byte[] values) {
      Plane plane = place.plane();
      int length = plane.width() * plane.channels();
      for (int y = 0; y < plane.height(); y++) {
        MemorySegment.copy(
            planes,
            ValueLayout.JAVA_BYTE,
            place.start() + plane.start(y, 0),
            values,
            y * length,
            length);
      }
      for (int i = 0; i < values.length; i++) {
        values[i] ^= Byte.MIN_VALUE;
      }
    }
  }
}
