package dev.earshot.ndp.chip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.ndp.MlperfTiny;
import dev.earshot.ndp.NdpModel;
import dev.earshot.ndp.graph.ModelFormatException;
import dev.earshot.ndp.tflite.ModelFile;
import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChipTest {
  private static NdpModel dense(int inputs, int outputs) throws ModelFormatException {
    ModelFile file = new ModelFile();
    int in = file.activation("in", 1, 0, 1, inputs);
    int weights =
        file.weights("w", new byte[inputs * outputs], 0, new float[] {1}, outputs, inputs);
    int out = file.activation("out", 1, 0, 1, outputs);
    file.fullyConnected(0, new int[] {in, weights}, out);
    return NdpModel.parse(file.build(new int[] {in}, new int[] {out}));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "kws_ref_model",
        "str_ww_ref_model",
        "vww_96_int8",
        "pretrainedResnet_quant",
        "ad01_int8"
      })
  void modelsPublishedOnNdp120_fitThere(String model) throws IOException {
    NdpModel parsed = NdpModel.parse(MlperfTiny.model(model));
    assertEquals(new Fit.Fits(), Fit.of(parsed, ChipProfile.NDP120));
    assertInstanceOf(Fit.Exceeds.class, Fit.of(parsed, ChipProfile.NDP101));
  }

  @Test
  void smallDenseModelWithInt4Weights_fitsNdp101() throws ModelFormatException {
    ModelFile file = new ModelFile();
    int in = file.activation("in", 1, 0, 1, 1600);
    int weights = file.weights4("w", new byte[1600 * 64], 0, new float[] {1}, 64, 1600);
    int out = file.activation("out", 1, 0, 1, 64);
    file.fullyConnected(0, new int[] {in, weights}, out);
    NdpModel model = NdpModel.parse(file.build(new int[] {in}, new int[] {out}));
    assertEquals(new Fit.Fits(), Fit.of(model, ChipProfile.NDP101));
    assertEquals(new Fit.Fits(), Fit.of(model, ChipProfile.NDP120));
  }

  @Test
  void int8Weights_areTooWideForNdp101() throws ModelFormatException {
    assertEquals(
        List.of("weight bits 8 > 4"), reasons(Fit.of(dense(1600, 64), ChipProfile.NDP101)));
  }

  @Test
  void everyExceededLimit_isNamedWithByHowMuch() throws ModelFormatException {
    Fit.Exceeds exceeds =
        assertInstanceOf(Fit.Exceeds.class, Fit.of(dense(6000, 100), ChipProfile.NDP101));
    assertEquals(
        List.of(
            "weight bits 8 > 4",
            "parameters 600,000 > 589,000",
            "inputs 6,000 > 1,600",
            "classes 100 > 64"),
        exceeds.reasons());
    assertEquals(11_000, assertInstanceOf(Fit.Over.class, exceeds.misfits().get(1)).excess());
  }

  private static List<String> reasons(Fit fit) {
    return assertInstanceOf(Fit.Exceeds.class, fit).reasons();
  }

  @Test
  void networkLargerThanTheMemory_isSaidInKibibytes() throws ModelFormatException {
    assertEquals(
        List.of("network (weights and activations) 1077 KiB > 1024 KiB"),
        reasons(Fit.of(dense(1100, 1000), ChipProfile.NDP120)));
  }

  @Test
  void unsupportedOperator_isNamed() throws ModelFormatException {
    NdpModel model = NdpModel.parse(ModelFile.small());
    assertEquals(
        List.of(
            "operators CONV_2D are not supported (only FULLY_CONNECTED, RESHAPE, SOFTMAX)",
            "weight bits 8 > 4"),
        reasons(Fit.of(model, ChipProfile.NDP101)));
  }

  @Test
  void chips_areFoundById() {
    assertEquals(ChipProfile.NDP120, ChipProfile.byId("ndp120").orElseThrow());
    assertTrue(ChipProfile.byId("ndp999").isEmpty());
  }

  @Test
  void everyFigureOfAChip_hasItsSource() {
    for (ChipProfile chip : ChipProfile.all()) {
      assertFalse(chip.operatorSource().isBlank(), chip.id());
      chip.limits().forEach(limit -> assertFalse(limit.source().isBlank(), limit::toString));
      chip.notes().forEach(note -> assertFalse(note.source().isBlank(), note::toString));
    }
    assertEquals(
        List.of(
            Limit.Quantity.WEIGHT_BITS,
            Limit.Quantity.ACTIVATION_BITS,
            Limit.Quantity.PARAMETERS,
            Limit.Quantity.LAYERS,
            Limit.Quantity.INPUTS,
            Limit.Quantity.HIDDEN_WIDTH,
            Limit.Quantity.CLASSES),
        ChipProfile.NDP101.limits().stream().map(Limit::quantity).toList());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "id = x | x.properties: name: missing",
        "id = x,name = X,operators = ADD | x.properties: operators.source: missing",
        "id = x,name = X,operators = ADD,operators.source = s,limit.layers = 4"
            + " | x.properties: limit.layers.source: missing",
        "id = x,name = X,operators = ADD,operators.source = s,limit.layers = few"
            + " | x.properties: limit.layers: 'few' (expected: a whole number)",
        "id = x,name = X,operators = ADD,operators.source = s,limit.legs = 4"
            + " | x.properties: unknown keys [limit.legs]",
      })
  void chipFileWithoutASource_isRefused(String content, String message) {
    assertEquals(
        message,
        assertThrows(
                IllegalArgumentException.class,
                () -> ChipFile.read("x.properties", new StringReader(content.replace(',', '\n'))))
            .getMessage());
  }
}
