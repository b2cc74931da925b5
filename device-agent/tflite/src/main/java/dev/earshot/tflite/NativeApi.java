package dev.earshot.tflite;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/**
 * The functions that are called, of {@code tensorflow/lite/c/c_api.h}, {@code
 * c_api_experimental.h}, {@code core/c/common.h} and {@code delegates/xnnpack/xnnpack_delegate.h}.
 * All but {@link #invoke} are called by reflection: they run once for each interpreter.
 */
final class NativeApi {
  private static final long VERSION_BYTES = 64;

  private final Linker linker = Linker.nativeLinker();
  private final SymbolLookup symbols;

  final MethodHandle modelCreate;
  final MethodHandle modelDelete;
  final MethodHandle optionsCreate;
  final MethodHandle optionsDelete;
  final MethodHandle optionsSetThreads;
  final MethodHandle optionsAddOperator;
  final MethodHandle optionsAddDelegate;
  final MethodHandle xnnpackCreate;
  final MethodHandle xnnpackDelete;
  final MethodHandle interpreterCreate;
  final MethodHandle interpreterCreateWithSelected;
  final MethodHandle interpreterDelete;
  final MethodHandle allocateTensors;
  final MethodHandle invoke;
  final MethodHandle inputCount;
  final MethodHandle outputCount;
  final MethodHandle input;
  final MethodHandle output;
  final MethodHandle tensorBytes;
  final MethodHandle tensorData;

  NativeApi(SymbolLookup symbols) {
    this.symbols = symbols;
    modelCreate = function("TfLiteModelCreate", ADDRESS, ADDRESS, JAVA_LONG);
    modelDelete = procedure("TfLiteModelDelete", ADDRESS);
    optionsCreate = function("TfLiteInterpreterOptionsCreate", ADDRESS);
    optionsDelete = procedure("TfLiteInterpreterOptionsDelete", ADDRESS);
    optionsSetThreads = procedure("TfLiteInterpreterOptionsSetNumThreads", ADDRESS, JAVA_INT);
    optionsAddOperator =
        procedure(
            "TfLiteInterpreterOptionsAddBuiltinOp", ADDRESS, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
    optionsAddDelegate = procedure("TfLiteInterpreterOptionsAddDelegate", ADDRESS, ADDRESS);
    xnnpackCreate = function("TfLiteXNNPackDelegateCreate", ADDRESS, ADDRESS);
    xnnpackDelete = procedure("TfLiteXNNPackDelegateDelete", ADDRESS);
    interpreterCreate = function("TfLiteInterpreterCreate", ADDRESS, ADDRESS, ADDRESS);
    interpreterCreateWithSelected =
        function("TfLiteInterpreterCreateWithSelectedOps", ADDRESS, ADDRESS, ADDRESS);
    interpreterDelete = procedure("TfLiteInterpreterDelete", ADDRESS);
    allocateTensors = function("TfLiteInterpreterAllocateTensors", JAVA_INT, ADDRESS);
    invoke = function("TfLiteInterpreterInvoke", JAVA_INT, ADDRESS);
    inputCount = function("TfLiteInterpreterGetInputTensorCount", JAVA_INT, ADDRESS);
    outputCount = function("TfLiteInterpreterGetOutputTensorCount", JAVA_INT, ADDRESS);
    input = function("TfLiteInterpreterGetInputTensor", ADDRESS, ADDRESS, JAVA_INT);
    output = function("TfLiteInterpreterGetOutputTensor", ADDRESS, ADDRESS, JAVA_INT);
    tensorBytes = function("TfLiteTensorByteSize", JAVA_LONG, ADDRESS);
    tensorData = function("TfLiteTensorData", ADDRESS, ADDRESS);
  }

  MethodHandle function(String name, MemoryLayout result, MemoryLayout... arguments) {
    return linker.downcallHandle(
        symbols.findOrThrow(name), FunctionDescriptor.of(result, arguments));
  }

  MethodHandle procedure(String name, MemoryLayout... arguments) {
    return linker.downcallHandle(symbols.findOrThrow(name), FunctionDescriptor.ofVoid(arguments));
  }

  String version() {
    return pointer(function("TfLiteVersion", ADDRESS)).reinterpret(VERSION_BYTES).getString(0);
  }

  /** Calls a function that returns a pointer. */
  static MemorySegment pointer(MethodHandle function, Object... arguments) {
    return (MemorySegment) call(function, arguments);
  }

  /** Calls a function that returns an int or a long. */
  static long number(MethodHandle function, Object... arguments) {
    return ((Number) call(function, arguments)).longValue();
  }

  /** Calls a function that returns nothing. */
  static void run(MethodHandle procedure, Object... arguments) {
    Object _ = call(procedure, arguments);
  }

  private static Object call(MethodHandle function, Object... arguments) {
    try {
      return function.invokeWithArguments(arguments);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError("a native function threw", e);
    }
  }
}
