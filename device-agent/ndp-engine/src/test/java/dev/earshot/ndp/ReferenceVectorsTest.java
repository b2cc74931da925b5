package dev.earshot.ndp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.ndp.kernel.Rounding;
import java.io.IOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.StringJoiner;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every answer of a real TensorFlow Lite's reference kernels, bit for bit. */
class ReferenceVectorsTest {
  @ParameterizedTest
  @CsvSource({
    "kws_ref_model, kws, 500",
    "kws_ref_model, kws_random, 10",
    "str_ww_ref_model, sww_random, 10",
    "str_ww_ref_model, sww_calib, 22",
    "vww_96_int8, vww_random, 10",
    "pretrainedResnet_quant, ic_random, 10",
    "pretrainedResnet_large_int8, iclarge_random, 10",
    "ad01_int8, ad_random, 10"
  })
  void currentRounding_equalsTfliteReference(String model, String vectors, int count)
      throws IOException {
    check(model, Rounding.TFLITE_2_20, vectors, "_outputs_ref", count);
  }

  @ParameterizedTest
  @CsvSource({
    "kws_ref_model, kws, 500",
    "kws_ref_model, kws_random, 10",
    "str_ww_ref_model, sww_random, 10",
    "vww_96_int8, vww_random, 10",
    "pretrainedResnet_quant, ic_random, 10",
    "ad01_int8, ad_random, 10"
  })
  void legacyRounding_equalsTfliteMicro(String model, String vectors, int count)
      throws IOException {
    check(model, Rounding.TFLITE_LEGACY, vectors, "_outputs_ref219", count);
  }

  @ParameterizedTest
  @CsvSource({
    "kws_ref_model, kws, kws",
    "str_ww_ref_model, sww_random, sww",
    "vww_96_int8, vww_random, vww",
    "ad01_int8, ad_random, ad"
  })
  void everyOperator_equalsItsIntermediateValues(String model, String inputs, String vectors)
      throws IOException {
    Map<String, byte[]> inputOf = new HashMap<>();
    for (MlperfTiny.Row row : MlperfTiny.rows(inputs + "_inputs", 'x')) {
      inputOf.put(row.name(), row.values());
    }
    for (Execution execution : Execution.possible()) {
      NdpModel parsed = NdpModel.parse(MlperfTiny.model(model), Rounding.TFLITE_2_20, execution);
      checkOperators(parsed.newInference(), vectors, inputOf);
    }
  }

  private static void checkOperators(
      Inference inference, String vectors, Map<String, byte[]> inputOf) throws IOException {
    List<String> lines =
        Files.readAllLines(MlperfTiny.file("vectors/" + vectors + "_intermediate_ref.csv"));
    assertTrue(lines.size() > 10);
    for (String line : lines.subList(1, lines.size())) {
      String[] cells = line.split(",", -1);
      if (cells[2].equals("RESHAPE")) {
        continue;
      }
      inference.run(Objects.requireNonNull(inputOf.get(cells[0])));
      Map<String, String> actual = new HashMap<>();
      inference.trace(
          (operator, output) ->
              actual.put(operator.kind() + " " + operator.output().index(), spaced(output)));
      assertEquals(
          cells[5],
          actual.get(cells[2] + " " + cells[3]),
          inference.model().execution() + ", " + cells[0] + " " + cells[1]);
    }
  }

  private static String spaced(byte[] values) {
    StringJoiner text = new StringJoiner(" ");
    for (byte value : values) {
      text.add(String.valueOf(value));
    }
    return text.toString();
  }

  private static void check(
      String model, Rounding rounding, String vectors, String outputs, int count)
      throws IOException {
    byte[] file = MlperfTiny.model(model);
    for (Execution execution : Execution.possible()) {
      check(NdpModel.parse(file, rounding, execution), vectors, outputs, count);
    }
  }

  private static void check(NdpModel model, String vectors, String outputs, int count)
      throws IOException {
    Inference inference = model.newInference();
    List<MlperfTiny.Row> in = MlperfTiny.rows(vectors + "_inputs", 'x');
    List<MlperfTiny.Row> out = MlperfTiny.rows(vectors + outputs, 'y');
    assertEquals(count, in.size());
    assertEquals(count, out.size());
    for (int i = 0; i < count; i++) {
      assertEquals(in.get(i).name(), out.get(i).name());
      assertArrayEquals(
          out.get(i).values(),
          inference.run(in.get(i).values()),
          model.execution() + ", vector " + in.get(i).name());
    }
  }
}
