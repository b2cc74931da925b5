package dev.earshot.benchmark;

import dev.earshot.ndp.Execution;
import dev.earshot.ndp.Inference;
import dev.earshot.ndp.NdpModel;
import dev.earshot.ndp.kernel.Rounding;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Real time of one layer, with the copying of its values in and out. {@code -p layer=IC_ADD} picks
 * one, {@code -prof gc} shows what is allocated.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 1,
    jvmArgs = {
      "--add-modules=jdk.incubator.vector",
      "--enable-native-access=ALL-UNNAMED",
      "-XX:+UseSerialGC",
      "-Xmx256m"
    })
public class LayerBenchmark {
  @Param private Layer layer = Layer.KWS_FIRST;

  @Param private Execution execution = Execution.PLAIN;

  private Inference inference = model().newInference();
  private byte[] input = new byte[0];
  private byte[] output = new byte[0];

  /** Prepares the layer that is asked for. */
  @Setup
  public void prepare() {
    NdpModel model = model();
    inference = model.newInference();
    input = new byte[model.inputElements()];
    new SplittableRandom(3).nextBytes(input);
    output = new byte[model.outputElements()];
  }

  private NdpModel model() {
    return NdpModel.of(layer.graph(), Rounding.TFLITE_2_20, execution);
  }

  /** One run of it. */
  @Benchmark
  public byte[] run() {
    inference.run(input, 0, output, 0);
    return output;
  }
}
