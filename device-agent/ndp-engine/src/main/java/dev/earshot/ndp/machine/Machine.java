package dev.earshot.ndp.machine;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** What this machine can do. */
final class Machine {
  /** Flags of {@code /proc/cpuinfo}. */
  private static final List<String> NEEDED =
      List.of("avx512f", "avx512bw", "avx512dq", "avx512_vnni");

  /** Whether code of this package runs here. */
  static final boolean RUNS_CODE = hasInstructions() && givesExecutableMemory();

  private Machine() {}

  /** Linux says what the processor has and the system lets programs use. */
  private static boolean hasInstructions() {
    if (!System.getProperty("os.arch").equals("amd64")
        || !System.getProperty("os.name").equals("Linux")) {
      return false;
    }
    try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"), StandardCharsets.UTF_8)) {
      return lines
          .filter(line -> line.startsWith("flags"))
          .limit(1)
          .anyMatch(line -> Arrays.asList(line.split("\\s+")).containsAll(NEEDED));
    } catch (IOException e) {
      return false;
    }
  }

  /** A hardened system may forbid it. */
  private static boolean givesExecutableMemory() {
    Assembler assembler = new Assembler();
    assembler.ret();
    try {
      MemorySegment code = ExecutableCode.of(assembler.bytes()).from(0);
      ExecutableCode.call(code, MemorySegment.NULL, MemorySegment.NULL);
      return true;
    } catch (IllegalStateException e) {
      return false;
    }
  }
}
