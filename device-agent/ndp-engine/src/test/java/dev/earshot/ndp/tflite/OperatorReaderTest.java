package dev.earshot.ndp.tflite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.earshot.ndp.graph.Graph;
import dev.earshot.ndp.graph.ModelFormatException;
import dev.earshot.ndp.graph.Operator;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What operators are read as, and what is said of those that their kernels could not run. */
class OperatorReaderTest {
  private static final int ADD = 0;
  private static final int CONCATENATION = 2;
  private static final int DEQUANTIZE = 6;
  private static final int LOGISTIC = 14;
  private static final int MUL = 18;
  private static final int RELU6 = 21;
  private static final int PAD = 34;
  private static final int MEAN = 40;
  private static final int STRIDED_SLICE = 45;
  private static final int QUANTIZE = 114;

  private final ModelFile file = new ModelFile();

  private Graph read(int input, int output) throws ModelFormatException {
    return TfliteReader.read(file.build(new int[] {input}, new int[] {output}));
  }

  private String refusal(int input, int output) {
    return String.valueOf(
        assertThrows(ModelFormatException.class, () -> read(input, output)).getMessage());
  }

  private int real(String name, int... shape) {
    return file.tensor(name, ModelFile.FLOAT32, shape, new float[0], new long[0], 0, null);
  }

  @Test
  void tensorsInAnyOrder_areFoundByTheirIndex() throws ModelFormatException {
    int output = file.activation("out", 1, 0, 1, 2);
    int weights = file.weights("w", new byte[8], 0, new float[] {1}, 2, 4);
    int input = file.activation("in", 1, 0, 1, 4);
    file.fullyConnected(0, new int[] {input, weights}, output);
    assertEquals("in", read(input, output).input().name());
  }

  @Test
  void floatPorts_areLeftOutForTheInt8TensorsBehindThem() throws ModelFormatException {
    int realIn = real("real in", 1, 4);
    int in = file.activation("in", 0.5f, 3, 1, 4);
    int out = file.activation("out", 1 / 256f, -128, 1, 4);
    int realOut = real("real out", 1, 4);
    file.plain(QUANTIZE, in, realIn).softmax(in, out, 1).plain(DEQUANTIZE, realOut, out);
    Graph graph = read(realIn, realOut);
    assertEquals("in", graph.input().name());
    assertEquals("out", graph.output().name());
    assertEquals(List.of("SOFTMAX"), graph.operators().stream().map(Operator::kind).toList());
  }

  @Test
  void floatInTheMiddle_isRefused() {
    int in = file.activation("in", 1, 0, 1, 4);
    int real = real("real", 1, 4);
    int out = file.activation("out", 1, 0, 1, 4);
    file.plain(DEQUANTIZE, real, in).plain(QUANTIZE, out, real);
    assertEquals(
        "operator 0 (DEQUANTIZE): output tensor 1 'real' (expected: the model's output, in float32)",
        refusal(in, out));
  }

  @Test
  void floatInputQuantizedTwice_isRefused() {
    int real = real("real", 1, 4);
    int a = file.activation("a", 1, 0, 1, 4);
    int b = file.activation("b", 2, 0, 1, 4);
    file.plain(QUANTIZE, a, real).plain(QUANTIZE, b, real);
    assertEquals(
        "operator 1 (QUANTIZE): input tensor 0 'real' is quantized a second time (expected: once)",
        refusal(real, b));
  }

  @Test
  void customOperator_isNamed() {
    int in = file.activation("in", 1, 0, 1, 4);
    int out = file.activation("out", 1, 0, 1, 4);
    file.custom("Magic", in, out);
    String message = refusal(in, out);
    assertEquals(
        "operator 0 (CUSTOM 'Magic'): not supported",
        message.substring(0, message.indexOf(" (exp")));
  }

  @Test
  void addOfAConstant_isReadAsBroadcast() throws ModelFormatException {
    int in = file.activation("in", 1, 0, 1, 2, 2, 3);
    int constant = file.weights("c", new byte[3], 0, new float[] {1}, 3);
    int out = file.activation("out", 1, 0, 1, 2, 2, 3);
    file.numbered(ADD, 11, new int[0], out, in, constant);
    Operator add = read(in, out).operators().getFirst();
    assertEquals(Operator.BroadcastAdd.class, add.getClass());
    assertEquals("c", add.constants().getFirst().name());
    assertEquals("in", add.activations().getFirst().name());
  }

  @Test
  void shapesThatDoNotBroadcast_areRefused() {
    int in = file.activation("in", 1, 0, 1, 4);
    int constant = file.weights("c", new byte[3], 0, new float[] {1}, 3);
    int out = file.activation("out", 1, 0, 1, 4);
    file.numbered(MUL, 21, new int[0], out, in, constant);
    assertEquals(
        "operator 0 (MUL): shapes 1x4 and 3 -> 1x4 (expected: equal, or 1 where they differ, and"
            + " the output's the larger of both)",
        refusal(in, out));
  }

  @Test
  void addWhoseOutputScaleIsTooSmall_isRefusedAsInTflite() {
    int in = file.activation("in", 1, 0, 1, 4);
    int out = file.activation("out", 1e-7f, 0, 1, 4);
    file.add(0, in, in, out);
    assertEquals(
        "operator 0 (ADD): output tensor 1 'out': scale 1.0E-7 is too small for input scale 1.0"
            + " (expected: above a 2^-19th of it)",
        refusal(in, out));
  }

  @Test
  void clampOutsideOfInt32_isRefused() {
    int in = file.activation("in", 1, 0, 1, 4);
    int out = file.activation("out", 1e-9f, 0, 1, 4);
    file.plain(RELU6, out, in);
    assertEquals(
        "operator 0 (RELU6): output tensor 1 'out': scale 1.0E-9 is too small for RELU6"
            + " (expected: its bounds below 2^31 steps)",
        refusal(in, out));
  }

  @Test
  void logisticOfAnotherOutputScale_isRefusedAsInTflite() {
    int in = file.activation("in", 1, 0, 1, 4);
    int out = file.activation("out", 0.5f, 0, 1, 4);
    file.plain(LOGISTIC, out, in);
    assertEquals(
        "operator 0 (LOGISTIC): output tensor 1 'out': scale 0.5, zero point 0"
            + " (expected: 1/256, -128)",
        refusal(in, out));
  }

  @Test
  void concatenationOfDifferentScales_isRefusedAsInTflite() {
    int in = file.activation("in", 1, 0, 1, 4);
    int other = file.weights("c", new byte[4], 0, new float[] {2}, 1, 4);
    int out = file.activation("out", 1, 0, 1, 8);
    file.numbered(CONCATENATION, 10, new int[] {1}, out, in, other);
    assertEquals(
        "operator 0 (CONCATENATION): tensor 1 'c': another scale or zero point than output tensor 2"
            + " 'out' (expected: the same, as in TFLite)",
        refusal(in, out));
  }

  @Test
  void concatenationOfShapesThatDoNotJoin_isRefused() {
    int in = file.activation("in", 1, 0, 1, 4, 2);
    int other = file.weights("c", new byte[4], 0, new float[] {1}, 1, 4, 1);
    int out = file.activation("out", 1, 0, 1, 8, 2);
    file.numbered(CONCATENATION, 10, new int[] {1}, out, in, other);
    assertEquals(
        "operator 0 (CONCATENATION): tensor 1 'c': shape 1x4x1 (expected: like 1x4x2 except for"
            + " dimension 1)",
        refusal(in, out));
  }

  @Test
  void negativePadding_isRefused() {
    int in = file.activation("in", 1, 0, 1, 4);
    int paddings = file.bias("p", 0, 0, -1, 1);
    int out = file.activation("out", 1, 0, 1, 4);
    file.plain(PAD, out, in, paddings);
    assertEquals(
        "operator 0 (PAD): paddings of dimension 1: -1 and 1 (expected: at least 0)",
        refusal(in, out));
  }

  @Test
  void hugePadding_isRefusedByTheOutputItWouldNeed() {
    int in = file.activation("in", 1, 0, 1, 4);
    int paddings = file.bias("p", 0, 0, Integer.MAX_VALUE, Integer.MAX_VALUE);
    int out = file.activation("out", 1, 0, 1, 2);
    file.plain(PAD, out, in, paddings);
    assertEquals(
        "operator 0 (PAD): output tensor 2 'out': shape [1, 2] (expected: [1, 4294967298])",
        refusal(in, out));
  }

  @Test
  void meanOverADimensionThatIsNotThere_isRefused() {
    int in = file.activation("in", 1, 0, 1, 4);
    int axes = file.bias("axes", 2);
    int out = file.activation("out", 1, 0, 1);
    file.plain(MEAN, out, in, axes);
    assertEquals(
        "operator 0 (MEAN): axis: 2 (expected: -2 to 1, the input has 2 dimensions)",
        refusal(in, out));
  }

  @Test
  void meanOverEverything_givesAScalar() throws ModelFormatException {
    int in = file.activation("in", 1, 0, 1, 4);
    int axes = file.bias("axes", -1, 0, 1);
    int out = file.activation("out", 1, 0);
    file.plain(MEAN, out, in, axes);
    Operator.Mean mean = (Operator.Mean) read(in, out).operators().getFirst();
    assertEquals(List.of(0, 1), mean.axes());
  }

  @Test
  void axesThatAreComputed_areRefused() {
    int in = file.activation("in", 1, 0, 1, 4);
    int out = file.activation("out", 1, 0, 1);
    file.plain(MEAN, out, in, in);
    assertEquals(
        "operator 0 (MEAN): axes tensor 0 'in' (expected: an int32 constant)", refusal(in, out));
  }

  private int slice(int[] masks, int begin, int end, int stride, int... shape) {
    int in = file.activation("in", 1, 0, 10);
    int out = file.activation("out", 1, 0, shape);
    file.numbered(
        STRIDED_SLICE,
        32,
        masks,
        out,
        in,
        file.bias("b", begin),
        file.bias("e", end),
        file.bias("s", stride));
    return in;
  }

  @Test
  void sliceOfNothing_isRefused() {
    int in = slice(new int[0], 5, 5, 1, 1);
    assertEquals(
        "operator 0 (STRIDED_SLICE): dimension 0: no element from 5 to 5 by 1"
            + " (expected: at least one)",
        refusal(in, in + 1));
  }

  @Test
  void sliceWithANewAxis_isRefused() {
    int in = slice(new int[] {0, 0, 0, 1, 0}, 0, 5, 1, 1, 10);
    assertEquals(
        "operator 0 (STRIDED_SLICE): ellipsis or new axis"
            + " (expected: neither, as converters write it)",
        refusal(in, in + 1));
  }

  @Test
  void sliceBackwards_startsAtTheEnd() throws ModelFormatException {
    int in = slice(new int[] {1, 1}, 3, 4, -3, 4);
    Operator.StridedSlice slice = (Operator.StridedSlice) read(in, in + 1).operators().getFirst();
    assertEquals(List.of(9), slice.begin());
    assertEquals(List.of(4), slice.sizes());
  }
}
