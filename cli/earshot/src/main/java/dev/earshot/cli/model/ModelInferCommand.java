package dev.earshot.cli.model;

import dev.earshot.ndp.Execution;
import dev.earshot.ndp.Inference;
import dev.earshot.ndp.NdpModel;
import dev.earshot.ndp.kernel.Rounding;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
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
      "The header names the columns: x0, x1, ... are the model's input in row-major order, other",
      "columns are ignored. Without a header, each row has the model's inputs and nothing else.",
      "",
      "Standard output has a header (y0, y1, ...) and one row for each row of the input, nothing",
      "else. Exit code 1: a file can't be used, and one line on standard error says why; rows before",
      "a wrong one are printed."
    })
public final class ModelInferCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "FILE.tflite", description = "The model.")
  private Path model = Path.of("");

  @Option(names = "--inputs", required = true, paramLabel = "FILE.csv", description = "The rows.")
  private Path inputs = Path.of("");

  @Option(
      names = "--rounding",
      defaultValue = RoundingName.CURRENT,
      converter = RoundingName.class,
      description = {
        "Which TensorFlow Lite's rounding to reproduce bit for bit: tflite-2.20 (and later) or",
        "tflite-legacy (2.19 and before, TFLite Micro). Default: ${DEFAULT-VALUE}."
      })
  private Rounding rounding = Rounding.TFLITE_2_20;

  @Option(
      names = "--plain",
      description = {
        "Run the plain kernels and not machine code or the Vector API. The outputs are the same,",
        "bit for bit; many rows take longer."
      })
  private boolean plain;

  @Override
  public Integer call() throws IOException {
    NdpModel parsed = ModelFiles.read(model, rounding, plain ? Execution.PLAIN : Execution.best());
    Inference inference = parsed.newInference();
    byte[] input = new byte[parsed.inputElements()];
    byte[] output = new byte[parsed.outputElements()];
    try (TensorCsv rows = TensorCsv.open(inputs, 'x', input.length)) {
      // Not closed: standard output is not ours.
      Writer out = new BufferedWriter(new OutputStreamWriter(System.out, StandardCharsets.UTF_8));
      try {
        out.write(header(output.length));
        while (rows.next(input)) {
          inference.run(input, 0, output, 0);
          write(out, output);
        }
      } finally {
        out.flush();
      }
    }
    return 0;
  }

  private static String header(int outputs) {
    StringBuilder header = new StringBuilder();
    for (int i = 0; i < outputs; i++) {
      header.append(i == 0 ? "y" : ",y").append(i);
    }
    return header.append('\n').toString();
  }

  private static void write(Writer out, byte[] values) throws IOException {
    for (int i = 0; i < values.length; i++) {
      if (i > 0) {
        out.write(',');
      }
      out.write(Integer.toString(values[i]));
    }
    out.write('\n');
  }
}
