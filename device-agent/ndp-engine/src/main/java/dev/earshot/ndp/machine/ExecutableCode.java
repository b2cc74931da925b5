package dev.earshot.ndp.machine;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Machine code in memory that may be executed and no longer be written. It is given back to the
 * system when nothing refers to it.
 */
final class ExecutableCode {
  // <sys/mman.h> of Linux on x86-64
  private static final int PROT_READ = 1;
  private static final int PROT_WRITE = 2;
  private static final int PROT_EXEC = 4;
  private static final int MAP_PRIVATE = 2;
  private static final int MAP_ANONYMOUS = 0x20;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final MethodHandle MMAP =
      handle(
          "mmap",
          FunctionDescriptor.of(
              ValueLayout.ADDRESS,
              ValueLayout.ADDRESS,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_LONG));
  private static final MethodHandle MPROTECT =
      handle(
          "mprotect",
          FunctionDescriptor.of(
              ValueLayout.JAVA_INT,
              ValueLayout.ADDRESS,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_INT));
  private static final MethodHandle MUNMAP =
      handle(
          "munmap",
          FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG));

  /** Of any code with two arguments: where it works, and its constants. */
  private static final MethodHandle CALL =
      LINKER.downcallHandle(FunctionDescriptor.ofVoid(ValueLayout.ADDRESS, ValueLayout.ADDRESS));

  private final MemorySegment memory;

  private ExecutableCode(MemorySegment memory) {
    this.memory = memory;
  }

  private static MethodHandle handle(String function, FunctionDescriptor descriptor) {
    return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(function), descriptor);
  }

  /**
   * A copy of those instructions.
   *
   * @throws IllegalStateException when the system does not give executable memory
   */
  static ExecutableCode of(byte[] instructions) {
    long size = Math.max(1, instructions.length);
    try {
      MemorySegment start =
          (MemorySegment)
              MMAP.invokeExact(
                  MemorySegment.NULL,
                  size,
                  PROT_READ | PROT_WRITE,
                  MAP_PRIVATE | MAP_ANONYMOUS,
                  -1,
                  0L);
      if (start.address() == -1) {
        throw new IllegalStateException("no memory for machine code of " + size + " bytes");
      }
      MemorySegment memory =
          start.reinterpret(size, Arena.ofAuto(), segment -> unmap(segment.address(), size));
      MemorySegment.copy(instructions, 0, memory, ValueLayout.JAVA_BYTE, 0, instructions.length);
      if ((int) MPROTECT.invokeExact(memory, size, PROT_READ | PROT_EXEC) != 0) {
        throw new IllegalStateException("the system does not let a process write machine code");
      }
      return new ExecutableCode(memory);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private static void unmap(long address, long size) {
    try {
      int ignored = (int) MUNMAP.invokeExact(MemorySegment.ofAddress(address), size);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /** What starts at that instruction. */
  MemorySegment from(int entry) {
    return memory.asSlice(entry);
  }

  /** Calls code that was written for such a workspace and such constants. */
  static void call(MemorySegment code, MemorySegment workspace, MemorySegment constants) {
    try {
      CALL.invokeExact(code, workspace, constants);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
