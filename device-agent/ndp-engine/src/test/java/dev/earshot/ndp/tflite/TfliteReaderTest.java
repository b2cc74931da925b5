package dev.earshot.ndp.tflite;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.ndp.graph.ElementType;
import dev.earshot.ndp.graph.Graph;
import dev.earshot.ndp.graph.ModelFormatException;
import dev.earshot.ndp.graph.Operator;
import dev.earshot.ndp.graph.Tensor;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What is read from a file, and what a publisher is told when it cannot be. */
class TfliteReaderTest {
  private static final float SOFTMAX_SCALE = 1 / 256f;

  private static String refusal(byte[] file) {
    ModelFormatException refusal =
        assertThrows(ModelFormatException.class, () -> TfliteReader.read(file));
    return String.valueOf(refusal.getMessage());
  }

  @Test
  void smallModel_isReadWithItsShapesAndQuantization() throws ModelFormatException {
    Graph graph = TfliteReader.read(ModelFile.small());
    assertEquals("test", graph.description());
    assertEquals(
        "[CONV_2D, RESHAPE, FULLY_CONNECTED, SOFTMAX]",
        graph.operators().stream().map(Operator::kind).toList().toString());
    assertEquals("1x4x4x2", graph.input().shape().toString());
    assertEquals(0.5f, graph.input().requireQuantization().scale());
    assertEquals(3, graph.input().requireQuantization().zeroPoint());
    Operator.Conv2d conv = (Operator.Conv2d) graph.operators().getFirst();
    assertEquals(0.03f, conv.weights().requireQuantization().scale(2));
    assertEquals(-128, conv.weights().requireConstant().get(0));
    assertEquals(2L * 2 * 4 * 3 * 3 * 2, conv.macs());
  }

  @Test
  void otherFile_isRefusedByItsIdentifier() {
    byte[] file = ModelFile.small();
    file[4] = 'X';
    assertEquals(
        "model: not a .tflite file (expected: the identifier TFL3 at byte 4)", refusal(file));
  }

  @Test
  void otherSchemaVersion_isRefused() {
    ModelFile file = new ModelFile().version(4);
    assertEquals(
        "model: schema version: 4 (expected: 3)", refusal(file.build(new int[0], new int[0])));
  }

  @Test
  void severalSubgraphs_areRefused() {
    ModelFile file = new ModelFile().subgraphs(2);
    assertEquals("model: subgraphs: 2 (expected: 1)", refusal(file.build(new int[0], new int[0])));
  }

  @Test
  void unsupportedOperator_isNamedWithWhatIsSupported() {
    ModelFile file = new ModelFile();
    int input = file.activation("in", 1, 0, 1, 8);
    int output = file.activation("out", 1, 0, 1, 8);
    file.operator(28, new int[] {input}, new int[] {output}, 0, b -> 0);
    assertEquals(
        "operator 0 (TANH): not supported (expected one of [ADD, AVERAGE_POOL_2D, CONCATENATION,"
            + " CONV_2D, DEPTHWISE_CONV_2D, DEQUANTIZE, FULLY_CONNECTED, LOGISTIC, MAX_POOL_2D,"
            + " MEAN, MUL, PAD, PADV2, QUANTIZE, RELU, RELU6, RELU_N1_TO_1, RESHAPE, SOFTMAX,"
            + " STRIDED_SLICE])",
        refusal(file.build(new int[] {input}, new int[] {output})));
  }

  @Test
  void floatModel_isRefused() {
    ModelFile file = new ModelFile();
    int input =
        file.tensor("in", ModelFile.FLOAT32, new int[] {1, 8}, new float[0], new long[0], 0, null);
    assertEquals(
        "subgraph 0: tensor 0 'in' is not int8 (expected: a fully int8 model)",
        refusal(file.build(new int[] {input}, new int[] {input})));
  }

  @Test
  void missingQuantization_namesOperatorAndTensor() {
    ModelFile file = new ModelFile();
    int input = file.activation("in", 1, 0, 1, 4);
    int weights =
        file.tensor(
            "w", ModelFile.INT8, new int[] {2, 4}, new float[0], new long[0], 0, new byte[8]);
    int output = file.activation("out", 1, 0, 1, 2);
    file.fullyConnected(0, new int[] {input, weights}, output);
    assertEquals(
        "operator 0 (FULLY_CONNECTED): weights tensor 1 'w' have no quantization",
        refusal(file.build(new int[] {input}, new int[] {output})));
  }

  @Test
  void wrongOutputShape_saysWhichWasExpected() {
    ModelFile file = new ModelFile();
    int input = file.activation("in", 1, 0, 1, 5, 5, 1);
    int weights = file.weights("w", new byte[2 * 9], 0, new float[] {1, 1}, 2, 3, 3, 1);
    int output = file.activation("out", 1, 0, 1, 5, 5, 2);
    file.conv(1, 1, 1, 0, new int[] {input, weights}, output);
    assertEquals(
        "operator 0 (CONV_2D): output tensor 2 'out': shape 1x5x5x2 (expected: 1x3x3x2)",
        refusal(file.build(new int[] {input}, new int[] {output})));
  }

  @Test
  void hugeShape_isRefusedBeforeAnythingIsAllocated() {
    ModelFile file = new ModelFile();
    int input = file.activation("in", 1, 0, 1, 65536, 65536, 1);
    assertEquals(
        "tensor 0: shape [1, 65536, 65536, 1] (expected: at most 16,777,216 elements)",
        refusal(file.build(new int[] {input}, new int[] {input})));
  }

  @Test
  void hugeAmountOfWork_isRefused() {
    ModelFile file = new ModelFile();
    int input = file.activation("in", 1, 0, 1, 1000, 1000, 1);
    int weights = file.weights("w", new byte[100 * 100], 0, new float[] {1}, 1, 100, 100, 1);
    int output = file.activation("out", 1, 0, 1, 1000, 1000, 1);
    file.conv(0, 1, 1, 0, new int[] {input, weights}, output);
    String message = refusal(file.build(new int[] {input}, new int[] {output}));
    assertEquals(
        "operator 0 (CONV_2D): 10,000,000,000 operations of one inference so far"
            + " (expected: at most 1,000,000,000)",
        message);
  }

  @Test
  void sharedWeightsOfManyOperators_countEachTime() {
    ModelFile file = new ModelFile();
    int input = file.activation("in", 1, 0, 1, 1024);
    int weights = file.weights("w", new byte[1 << 20], 0, new float[] {1}, 1024, 1024);
    int last = input;
    for (int i = 0; i < 20; i++) {
      int next = file.activation("x" + i, 1, 0, 1, 1024);
      file.fullyConnected(0, new int[] {last, weights}, next);
      last = next;
    }
    String message = refusal(file.build(new int[] {input}, new int[] {last}));
    assertTrue(message.startsWith("operator 4 (FULLY_CONNECTED): 5,242,880 constant"), message);
  }

  @Test
  void cycle_isRefused() {
    ModelFile file = new ModelFile();
    int input = file.activation("in", 1, 0, 1, 4);
    int a = file.activation("a", 1, 0, 1, 4);
    int b = file.activation("b", 1, 0, 1, 4);
    file.reshape(b, a).reshape(a, b);
    assertEquals(
        "operator 0 (RESHAPE): tensor 2 'b' is read before any operator wrote it",
        refusal(file.build(new int[] {input}, new int[] {b})));
  }

  @Test
  void tensorWrittenTwice_isRefused() {
    ModelFile file = new ModelFile();
    int input = file.activation("in", 1, 0, 1, 4);
    int a = file.activation("a", 1, 0, 1, 4);
    file.reshape(input, a).reshape(input, a);
    assertEquals(
        "operator 1 (RESHAPE): tensor 1 'a' is written although it already has a value"
            + " (cycle or reuse)",
        refusal(file.build(new int[] {input}, new int[] {a})));
  }

  @Test
  void tensorIndexOutOfRange_isRefused() {
    ModelFile file = new ModelFile();
    int input = file.activation("in", 1, 0, 1, 4);
    file.reshape(7, input);
    assertEquals(
        "operator 0 (RESHAPE): input: tensor 7 (expected: 0 to 0)",
        refusal(file.build(new int[] {input}, new int[] {input})));
  }

  @Test
  void softmaxWithAnotherOutputScale_isRefused() {
    ModelFile file = new ModelFile();
    int input = file.activation("in", 1, 0, 1, 4);
    int output = file.activation("out", 0.5f, -128, 1, 4);
    file.softmax(input, output, 1);
    assertEquals(
        "operator 0 (SOFTMAX): output tensor 1 'out': scale 0.5, zero point -128"
            + " (expected: 1/256, -128)",
        refusal(file.build(new int[] {input}, new int[] {output})));
  }

  @Test
  void unsupportedFusedActivation_isNamed() {
    ModelFile file = new ModelFile();
    int input = file.activation("in", 1, 0, 1, 4);
    int weights = file.weights("w", new byte[8], 0, new float[] {1}, 2, 4);
    int output = file.activation("out", 1, 0, 1, 2);
    file.fullyConnected(4, new int[] {input, weights}, output);
    assertEquals(
        "operator 0 (FULLY_CONNECTED): fused activation: 4"
            + " (expected: NONE, RELU, RELU_N1_TO_1 or RELU6)",
        refusal(file.build(new int[] {input}, new int[] {output})));
  }

  @Test
  void impossibleScale_isRefused() {
    ModelFile file = new ModelFile();
    int input = file.activation("in", Float.NaN, 0, 1, 4);
    assertEquals(
        "tensor 0 quantization: scale: NaN (expected: positive, finite)",
        refusal(file.build(new int[] {input}, new int[] {input})));
  }

  @Test
  void constantOfAnotherSize_isRefused() {
    ModelFile file = new ModelFile();
    int input = file.activation("in", 1, 0, 1, 4);
    file.weights("w", new byte[7], 0, new float[] {1}, 2, 4);
    assertEquals(
        "tensor 1: constant of 7 bytes (expected: 8 for 8 elements of INT8)",
        refusal(file.build(new int[] {input}, new int[] {input})));
  }

  @Test
  void oddNumberOfInt4Weights_isReadTwoToAByte() throws ModelFormatException {
    ModelFile file = new ModelFile();
    int input = file.activation("in", 1, 0, 1, 3);
    int odd = file.weights4("w", new byte[] {-8, 7, 0}, 0, new float[] {1}, 1, 3);
    int output = file.activation("out", 1, 0, 1, 1);
    file.fullyConnected(0, new int[] {input, odd}, output);
    Graph graph = TfliteReader.read(file.build(new int[] {input}, new int[] {output}));
    Tensor read = graph.operators().getFirst().constants().getFirst();
    assertEquals(ElementType.INT4, read.type());
    assertEquals(2, read.bytes());
    assertArrayEquals(new byte[] {-8, 7, 0}, read.weightValues());
  }

  @Test
  void unpackedInt4Weights_areRefused() {
    ModelFile file = new ModelFile();
    int input = file.activation("in", 1, 0, 1, 4);
    file.tensor(
        "w", ModelFile.INT4, new int[] {2, 4}, new float[] {1}, new long[1], 0, new byte[8]);
    assertEquals(
        "tensor 1: constant of 8 bytes (expected: 4 for 8 elements of INT4)",
        refusal(file.build(new int[] {input}, new int[] {input})));
  }

  @Test
  void asymmetricInt4Weights_areRefused() {
    ModelFile file = new ModelFile();
    int input = file.activation("in", 1, 0, 1, 4);
    int weights =
        file.tensor(
            "w", ModelFile.INT4, new int[] {2, 4}, new float[] {1}, new long[] {1}, 0, new byte[4]);
    int output = file.activation("out", 1, 0, 1, 2);
    file.fullyConnected(0, new int[] {input, weights}, output);
    assertEquals(
        "operator 0 (FULLY_CONNECTED): tensor 1 'w': zero points (expected: 0, symmetric weights)",
        refusal(file.build(new int[] {input}, new int[] {output})));
  }

  @Test
  void int4Activation_isRefused() {
    ModelFile file = new ModelFile();
    int input =
        file.tensor("in", ModelFile.INT4, new int[] {1, 4}, new float[] {1}, new long[1], 0, null);
    assertEquals(
        "subgraph 0: tensor 0 'in' is not int8 (expected: a fully int8 model)",
        refusal(file.build(new int[] {input}, new int[] {input})));
  }

  @Test
  void softmaxAlone_isAModel() throws ModelFormatException {
    ModelFile file = new ModelFile();
    int input = file.activation("in", 0.1f, 0, 1, 4);
    int output = file.activation("out", SOFTMAX_SCALE, -128, 1, 4);
    file.softmax(input, output, 1);
    Graph graph = TfliteReader.read(file.build(new int[] {input}, new int[] {output}));
    assertEquals(1, graph.operators().size());
  }

  @Test
  void variableTensor_isRefused() {
    ModelFile file = new ModelFile();
    int input = file.variable("state");
    assertEquals(
        "tensor 0: 'state' is a variable (expected: no state between inferences)",
        refusal(file.build(new int[] {input}, new int[] {input})));
  }

  @Test
  void sparseTensor_isRefused() {
    ModelFile file = new ModelFile();
    int input = file.sparse("w");
    assertEquals(
        "tensor 0: 'w' is sparse (expected: dense)",
        refusal(file.build(new int[] {input}, new int[] {input})));
  }

  @Test
  void dataOutsideOfTheFlatBuffer_isRefusedHoweverFarAway() {
    for (long offset : new long[] {2, 1 << 20, Long.MAX_VALUE, Long.MIN_VALUE, -1}) {
      ModelFile file = new ModelFile();
      int input = file.external("w", offset, 4);
      assertEquals(
          "buffer 1: its data lies outside the FlatBuffer (expected: inside)",
          refusal(file.build(new int[] {input}, new int[] {input})));
    }
  }

  @Test
  void zeroPointOutsideOfInt8_isRefused() {
    ModelFile file = new ModelFile();
    int input = file.activation("in", 1, 128, 1, 4);
    assertEquals(
        "tensor 0 quantization: zero point: 128 (expected: -128 to 127)",
        refusal(file.build(new int[] {input}, new int[] {input})));
  }

  @Test
  void quantizationOfTheWrongLength_isRefused() {
    ModelFile file = new ModelFile();
    int input = file.activation("in", 1, 0, 1, 4);
    int weights = file.weights("w", new byte[12], 0, new float[] {1, 1}, 3, 4);
    int output = file.activation("out", 1, 0, 1, 3);
    file.fullyConnected(0, new int[] {input, weights}, output);
    assertEquals(
        "operator 0 (FULLY_CONNECTED): tensor 1 'w': 2 scales along axis 0"
            + " (expected: 3 along axis 0)",
        refusal(file.build(new int[] {input}, new int[] {output})));
  }

  @Test
  void fewerZeroPointsThanScales_areRefused() {
    ModelFile file = new ModelFile();
    int input =
        file.tensor(
            "in", ModelFile.INT8, new int[] {1, 4}, new float[] {1, 1}, new long[1], 0, null);
    assertEquals(
        "tensor 0 quantization: zero points: 1 (expected: one per scale, 2)",
        refusal(file.build(new int[] {input}, new int[] {input})));
  }

  @Test
  void scalesSharedByManyTensors_countEachTime() {
    ModelFile file = new ModelFile();
    float[] scales = new float[1 << 16];
    Arrays.fill(scales, 1);
    file.crowd(100, "w", scales);
    assertEquals(
        "tensor 16 quantization: 1,114,112 scales so far (expected: at most 1,048,576)",
        refusal(file.build(new int[] {0}, new int[] {0})));
  }

  @Test
  void hugeNameSharedByManyTensors_isCutOff() throws ModelFormatException {
    ModelFile file = new ModelFile();
    file.crowd(2000, "n".repeat(1 << 20), 1);
    int output = file.activation("out", 1, 0, 1);
    file.reshape(0, output);
    Graph graph = TfliteReader.read(file.build(new int[] {0}, new int[] {output}));
    assertEquals(1024, graph.input().name().length());
  }

  @Test
  void controlCharactersOfAName_areNotShown() {
    ModelFile file = new ModelFile();
    int input = file.variable("a\nb\u001b[31m");
    assertEquals(
        "tensor 0: 'a?b?[31m' is a variable (expected: no state between inferences)",
        refusal(file.build(new int[] {input}, new int[] {input})));
  }

  @Test
  void batches_areRefused() {
    ModelFile file = new ModelFile();
    int input = file.activation("in", 1, 0, 2, 4, 4, 1);
    int output = file.activation("out", 1, 0, 2, 4, 4, 1);
    file.averagePool(1, 1, 1, 0, input, output);
    assertEquals(
        "operator 0 (AVERAGE_POOL_2D): input tensor 0 'in': shape 2x4x4x1"
            + " (expected: 1 x height x width x channels)",
        refusal(file.build(new int[] {input}, new int[] {output})));
  }
}
