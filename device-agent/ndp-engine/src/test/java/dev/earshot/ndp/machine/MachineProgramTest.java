package dev.earshot.ndp.machine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.earshot.ndp.MlperfTiny;
import dev.earshot.ndp.differential.RandomModel;
import dev.earshot.ndp.graph.Graph;
import dev.earshot.ndp.graph.ModelFormatException;
import dev.earshot.ndp.kernel.Rounding;
import dev.earshot.ndp.kernel.Slots;
import dev.earshot.ndp.kernel.Workspace;
import dev.earshot.ndp.plan.LiveChannels;
import dev.earshot.ndp.plan.Plane;
import dev.earshot.ndp.tflite.TfliteReader;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What machine code leaves alone, and how much of a model it takes over. */
class MachineProgramTest {
  private static final int MODELS = 600;

  @BeforeAll
  static void checkMachine() {
    assumeTrue(MachineProgram.isPossible(), "no machine code on this machine");
  }

  /** A model whose steps can be looked at. */
  private static final class Compiled {
    final Graph graph;
    final Slots slots;
    final Layout layout;
    final List<Step> steps;

    Compiled(byte[] file) throws ModelFormatException {
      graph = LiveChannels.of(TfliteReader.read(file));
      slots = new Slots(graph.tensorCount());
      layout = new Layout(graph);
      steps = new Compiler(graph, Rounding.TFLITE_2_20, slots, layout).compile();
    }

    /** What runs by plain kernels. */
    List<String> plain() {
      List<String> kernels = new ArrayList<>();
      for (Step step : steps) {
        if (step instanceof Step.Plain(var kernel)) {
          kernels.add(kernel.getClass().getSimpleName());
        }
      }
      return kernels;
    }
  }

  @ParameterizedTest
  @CsvSource({
    "kws_ref_model, SoftmaxKernel",
    "vww_96_int8, SoftmaxKernel",
    "pretrainedResnet_quant, SoftmaxKernel",
    "pretrainedResnet_large_int8, SoftmaxKernel",
    "ad01_int8, ''",
    "str_ww_ref_model, SoftmaxKernel"
  })
  void mlperfTinyModels_areMachineCodeUpToTheirSoftmax(String model, String plain)
      throws IOException {
    Compiled compiled = new Compiled(MlperfTiny.model(model));
    assertEquals(plain, String.join(" ", compiled.plain()));
    assertEquals(1, compiled.steps.stream().filter(Step.Compiled.class::isInstance).count());
  }

  /** Borders are written once, when a workspace is made; between planes there is nothing. */
  @Test
  void nothingOutsideOfImages_isWritten() throws ModelFormatException {
    int compiledModels = 0;
    for (int seed = 0; seed < MODELS; seed++) {
      RandomModel model = RandomModel.chain(seed);
      Compiled compiled = new Compiled(model.file());
      if (compiled.steps.stream().anyMatch(Step.Compiled.class::isInstance)) {
        compiledModels++;
      }
      MemorySegment planes = compiled.layout.newWorkspace();
      BitSet outside = new BitSet(Math.toIntExact(planes.byteSize()));
      outside.set(0, Math.toIntExact(planes.byteSize()));
      compiled.layout.places().forEach(place -> clear(outside, place));
      SplittableRandom random = new SplittableRandom(seed);
      outside.stream()
          .filter(at -> planes.get(ValueLayout.JAVA_BYTE, at) == 0)
          .forEach(at -> planes.set(ValueLayout.JAVA_BYTE, at, (byte) random.nextInt(256)));
      byte[] before = planes.toArray(ValueLayout.JAVA_BYTE);
      Workspace bytes = new Workspace(compiled.slots, 1 << 16);
      random.nextBytes(bytes.activation(compiled.slots.of(compiled.graph.input())));
      compiled.steps.forEach(step -> step.run(planes, bytes));
      byte[] after = planes.toArray(ValueLayout.JAVA_BYTE);
      assertArrayEquals(only(outside, before), only(outside, after), model.story());
    }
    assertTrue(compiledModels > MODELS / 3, "only " + compiledModels + " have machine code");
  }

  private static void clear(BitSet outside, Place place) {
    Plane plane = place.plane();
    for (int y = 0; y < plane.height(); y++) {
      int row = place.start() + plane.start(y, 0);
      outside.clear(row, row + plane.width() * plane.channels());
    }
  }

  private static byte[] only(BitSet some, byte[] values) {
    byte[] kept = new byte[some.cardinality()];
    int next = 0;
    for (int at = some.nextSetBit(0); at >= 0; at = some.nextSetBit(at + 1)) {
      kept[next++] = values[at];
    }
    return kept;
  }
}
