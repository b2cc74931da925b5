package dev.earshot.tflite;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;

/**
 * The reference kernels of every built-in operator. The C interface has no function for them, so
 * {@code tflite::ops::builtin::BuiltinRefOpResolver} is built by the mangled names of its
 * constructor and of {@code FindOp(BuiltinOperator, int)}, and asked for all it has.
 */
final class ReferenceOperators {
  private static final String RESOLVER = "N6tflite3ops7builtin20BuiltinRefOpResolver";

  /** The object takes a few hundred bytes; its size is not in the binary interface. */
  private static final long RESOLVER_BYTES = 1 << 16;

  private static final long ALIGNMENT = 64;

  /** Above every operator code and every operator's version of TensorFlow Lite 2.20. */
  private static final int CODES = 256;

  private static final int VERSIONS = 24;

  private final List<Registration> registrations;

  /** A kernel in the words of the C interface. */
  private record Registration(int code, int version, MemorySegment kernel) {}

  private ReferenceOperators(List<Registration> registrations) {
    this.registrations = registrations;
  }

  static ReferenceOperators find(NativeApi api) {
    MemorySegment resolver = Arena.global().allocate(RESOLVER_BYTES, ALIGNMENT);
    MethodHandle construct = api.procedure("_Z" + RESOLVER + "C1Ev", ADDRESS);
    NativeApi.run(construct, resolver);
    MethodHandle find =
        api.function(
            "_ZNK" + RESOLVER.substring(1) + "6FindOpENS_15BuiltinOperatorEi",
            ADDRESS,
            ADDRESS,
            JAVA_INT,
            JAVA_INT);
    List<Registration> found = new ArrayList<>();
    for (int code = 0; code < CODES; code++) {
      for (int version = 1; version <= VERSIONS; version++) {
        MemorySegment kernel = NativeApi.pointer(find, resolver, code, version);
        if (kernel.address() != 0) {
          found.add(new Registration(code, version, kernel));
        }
      }
    }
    return new ReferenceOperators(found);
  }

  /** The versions of an operator that there are kernels for. */
  List<Integer> versions(int code) {
    return registrations.stream()
        .filter(each -> each.code() == code)
        .map(Registration::version)
        .toList();
  }

  /** Puts them all into the options of an interpreter. */
  void addTo(MemorySegment options, NativeApi api) {
    for (Registration each : registrations) {
      NativeApi.run(
          api.optionsAddOperator,
          options,
          each.code(),
          each.kernel(),
          each.version(),
          each.version());
    }
  }
}
