package dev.earshot.ndp;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The MLPerf Tiny models, inputs and reference answers beside the repository, where present. */
public final class MlperfTiny {
  private static final Path FOLDER = Path.of("..", "shared", "mlperf-tiny");

  private MlperfTiny() {}

  /** A file of the data folder; skips the calling test where the folder is not there. */
  public static Path file(String name) {
    Path folder = folder();
    assumeTrue(
        folder != null, "skipped: no ../shared/mlperf-tiny beside the repository (test data)");
    return folder.resolve(name);
  }

  private static @Nullable Path folder() {
    Path at = Path.of("").toAbsolutePath();
    while (at != null) {
      if (Files.exists(at.resolve("LICENSE")) && Files.exists(at.resolve("pom.xml"))) {
        Path folder = at.resolve(FOLDER).normalize();
        return Files.isDirectory(folder) ? folder : null;
      }
      at = at.getParent();
    }
    return null;
  }

  public static byte[] model(String name) throws IOException {
    return Files.readAllBytes(file("models/" + name + ".tflite"));
  }

  /** One row of a vector file: what it is called, and its int8 values. */
  public static final class Row {
    private final String name;
    private final byte[] values;

    Row(String name, byte[] values) {
      this.name = name;
      this.values = values;
    }

    public String name() {
      return name;
    }

    public byte[] values() {
      return values;
    }
  }

  /**
   * Rows of a CSV file; columns that are not called {@code letter0..letterN} are joined to the
   * name.
   */
  public static List<Row> rows(String name, char letter) throws IOException {
    List<Row> rows = new ArrayList<>();
    try (BufferedReader reader = Files.newBufferedReader(file("vectors/" + name + ".csv"))) {
      String[] header = reader.readLine().split(",", -1);
      int first = 0;
      while (!header[first].equals(letter + "0")) {
        first++;
      }
      int end = first;
      while (end < header.length && header[end].equals(letter + "" + (end - first))) {
        end++;
      }
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        String[] cells = line.split(",", -1);
        byte[] values = new byte[end - first];
        for (int i = first; i < end; i++) {
          values[i - first] = Byte.parseByte(cells[i]);
        }
        rows.add(new Row(cells[0], values));
      }
    }
    return rows;
  }
}
