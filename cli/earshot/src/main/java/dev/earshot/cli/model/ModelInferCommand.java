package dev.earshot.cli.model;

import dev.earshot.cli.UserError;
import dev.earshot.ndp.Inference;
import dev.earshot.ndp.NdpModel;
import dev.earshot.ndp.graph.ModelFormatException;
import dev.earshot.ndp.kernel.Rounding;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Runs a model on rows of int8 inputs and prints int8 outputs, nothing else, on standard output.
 */
@Command(
    name = "infer",
    mixinStandardHelpOptions = true,
    description = {
      "Run a model on rows of int8 values and print its int8 outputs as CSV.",
      "",
      "The input has a header; the columns x0, x1, ... are the model's input in row-major order,",
      "other columns are ignored."
    })
public final class ModelInferCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "FILE.tflite", description = "The model.")
  private Path model = Path.of("");

  @Option(names = "--inputs", required = true, paramLabel = "FILE.csv", description = "The rows.")
  private Path inputs = Path.of("");

  @Option(
      names = "--rounding",
      defaultValue = "tflite-2.20",
      description = {
        "Which TensorFlow Lite's rounding to reproduce bit for bit: tflite-2.20 (and later) or",
        "tflite-legacy (2.19 and before, TFLite Micro). Default: ${DEFAULT-VALUE}."
      })
  private String rounding = "tflite-2.20";

  @Override
  public Integer call() throws IOException {
    NdpModel parsed = parse();
    Inference inference = parsed.newInference();
    byte[] input = new byte[parsed.inputElements()];
    byte[] output = new byte[parsed.outputElements()];
    try (BufferedReader rows = Files.newBufferedReader(inputs);
        BufferedWriter out =
            new BufferedWriter(new OutputStreamWriter(System.out, StandardCharsets.UTF_8))) {
      String header = rows.readLine();
      int[] columns = columns(header == null ? "" : header, input.length);
      out.write(header(output.length));
      int line = 1;
      for (String row = rows.readLine(); row != null; row = rows.readLine()) {
        line++;
        if (row.isBlank()) {
          continue;
        }
        read(row, line, columns, input);
        inference.run(input, 0, output, 0);
        write(out, output);
      }
    }
    return 0;
  }

  private NdpModel parse() throws IOException {
    Rounding profile =
        switch (rounding.toLowerCase(Locale.ROOT)) {
          case "tflite-2.20" -> Rounding.TFLITE_2_20;
          case "tflite-legacy" -> Rounding.TFLITE_LEGACY;
          default ->
              throw new UserError(
                  "--rounding: '" + rounding + "' (expected: tflite-2.20 or tflite-legacy)");
        };
    try {
      return NdpModel.parse(Files.readAllBytes(model), profile);
    } catch (ModelFormatException e) {
      throw new UserError(model + ": " + e.getMessage(), e);
    }
  }

  private int[] columns(String header, int elements) {
    int[] columns = new int[elements];
    Arrays.fill(columns, -1);
    String[] names = header.split(",", -1);
    for (int i = 0; i < names.length; i++) {
      String name = names[i].strip();
      if (name.matches("x\\d{1,9}")) {
        int element = Integer.parseInt(name.substring(1));
        if (element >= elements) {
          throw new UserError(
              inputs
                  + ": column "
                  + name
                  + " (the model has "
                  + elements
                  + " inputs: x0 to x"
                  + (elements - 1)
                  + ")");
        }
        columns[element] = i;
      }
    }
    for (int element = 0; element < elements; element++) {
      if (columns[element] < 0) {
        throw new UserError(inputs + ": column x" + element + " is missing from the header");
      }
    }
    return columns;
  }

  private void read(String row, int line, int[] columns, byte[] input) {
    String[] values = row.split(",", -1);
    for (int element = 0; element < columns.length; element++) {
      String text = columns[element] < values.length ? values[columns[element]].strip() : "";
      try {
        input[element] = Byte.parseByte(text);
      } catch (NumberFormatException e) {
        throw new UserError(
            inputs
                + ", line "
                + line
                + ", column x"
                + element
                + ": '"
                + text
                + "' (expected: a whole number from -128 to 127)",
            e);
      }
    }
  }

  private static String header(int outputs) {
    StringBuilder header = new StringBuilder();
    for (int i = 0; i < outputs; i++) {
      header.append(i == 0 ? "y" : ",y").append(i);
    }
    return header.append('\n').toString();
  }

  private static void write(BufferedWriter out, byte[] values) throws IOException {
    for (int i = 0; i < values.length; i++) {
      if (i > 0) {
        out.write(',');
      }
      out.write(Integer.toString(values[i]));
    }
    out.write('\n');
  }
}
