package dev.earshot.tflite;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * One model in TensorFlow Lite, on one thread at a time. Values go in and out as the bytes that the
 * model's tensors have: one for an int8, four little-endian ones for a float32.
 */
public final class TfLiteInterpreter implements AutoCloseable {
  private static final long MODEL_ALIGNMENT = 64;
  private static final int OK = 0;

  private final NativeApi api;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment model;
  private final MemorySegment options;
  private final MemorySegment delegate;
  private final MemorySegment interpreter;
  private final int outputs;
  private final MemorySegment input;
  private final MemorySegment output;

  TfLiteInterpreter(
      NativeApi api, ReferenceOperators reference, byte[] file, TfLiteKernels kernels) {
    this.api = api;
    // The model reads from these bytes as long as it lives.
    MemorySegment bytes = arena.allocate(Math.max(1, file.length), MODEL_ALIGNMENT);
    MemorySegment.copy(file, 0, bytes, JAVA_BYTE, 0, file.length);
    model = NativeApi.pointer(api.modelCreate, bytes, (long) file.length);
    if (model.address() == 0) {
      arena.close();
      throw new IllegalArgumentException("TensorFlow Lite: not a model");
    }
    options = NativeApi.pointer(api.optionsCreate);
    NativeApi.run(api.optionsSetThreads, options, 1);
    delegate = kernels == TfLiteKernels.XNNPACK ? xnnpack() : MemorySegment.NULL;
    interpreter = create(reference, kernels);
    if (interpreter.address() == 0 || !allocateTensors()) {
      close();
      throw new IllegalArgumentException(
          "TensorFlow Lite (" + kernels + ") refuses the model; it says why on standard error");
    }
    long inputs = NativeApi.number(api.inputCount, interpreter);
    outputs = (int) NativeApi.number(api.outputCount, interpreter);
    if (inputs != 1 || outputs < 1) {
      close();
      throw new IllegalArgumentException(
          "model: %d inputs, %d outputs (expected: 1, and 1 or more)".formatted(inputs, outputs));
    }
    input = data(NativeApi.pointer(api.input, interpreter, 0));
    output = outputData(0);
  }

  private MemorySegment xnnpack() {
    // No options: its defaults, which use one thread.
    MemorySegment created = NativeApi.pointer(api.xnnpackCreate, MemorySegment.NULL);
    NativeApi.run(api.optionsAddDelegate, options, created);
    return created;
  }

  private MemorySegment create(ReferenceOperators reference, TfLiteKernels kernels) {
    return switch (kernels) {
      case OPTIMIZED, XNNPACK -> NativeApi.pointer(api.interpreterCreate, model, options);
      case REFERENCE -> {
        reference.addTo(options, api);
        yield NativeApi.pointer(api.interpreterCreateWithSelected, model, options);
      }
    };
  }

  private boolean allocateTensors() {
    return NativeApi.number(api.allocateTensors, interpreter) == OK;
  }

  private MemorySegment outputData(int index) {
    return data(NativeApi.pointer(api.output, interpreter, index));
  }

  private MemorySegment data(MemorySegment tensor) {
    long bytes = NativeApi.number(api.tensorBytes, tensor);
    return NativeApi.pointer(api.tensorData, tensor).reinterpret(bytes);
  }

  /** How many outputs the model has. */
  public int outputs() {
    return outputs;
  }

  /** One output of the last inference. */
  public byte[] output(int index) {
    if (index < 0 || index >= outputs) {
      throw new IllegalArgumentException(
          "output: " + index + " (expected: 0 to " + (outputs - 1) + ")");
    }
    return outputData(index).toArray(JAVA_BYTE);
  }

  /** Of the input. */
  public int inputBytes() {
    return (int) input.byteSize();
  }

  /** Of the first output. */
  public int outputBytes() {
    return (int) output.byteSize();
  }

  /**
   * One inference.
   *
   * @param in {@link #inputBytes()} bytes
   * @param out receives {@link #outputBytes()} bytes
   */
  public void invoke(byte[] in, byte[] out) {
    if (in.length != inputBytes() || out.length != outputBytes()) {
      throw new IllegalArgumentException(
          "input of %d and output of %d bytes (expected: %d and %d)"
              .formatted(in.length, out.length, inputBytes(), outputBytes()));
    }
    MemorySegment.copy(in, 0, input, JAVA_BYTE, 0, in.length);
    invoke();
    MemorySegment.copy(output, JAVA_BYTE, 0, out, 0, out.length);
  }

  /** The same for one array; allocates the result. */
  public byte[] invoke(byte[] in) {
    byte[] out = new byte[outputBytes()];
    invoke(in, out);
    return out;
  }

  /** One inference on the input of the last one: what a benchmark times. */
  public void invoke() {
    try {
      int status = (int) api.invoke.invokeExact(interpreter);
      if (status != OK) {
        throw new IllegalStateException("TensorFlow Lite: an inference failed, status " + status);
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError("a native function threw", e);
    }
  }

  @Override
  public void close() {
    if (!arena.scope().isAlive()) {
      return;
    }
    if (interpreter.address() != 0) {
      NativeApi.run(api.interpreterDelete, interpreter);
    }
    if (delegate.address() != 0) {
      NativeApi.run(api.xnnpackDelete, delegate);
    }
    NativeApi.run(api.optionsDelete, options);
    NativeApi.run(api.modelDelete, model);
    arena.close();
  }
}
