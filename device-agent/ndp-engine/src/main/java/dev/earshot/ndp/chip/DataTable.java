package dev.earshot.ndp.chip;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;

/**
 * A CSV file beside this class: lines that begin with {@code #} are for readers, then a header,
 * then rows of as many values. A value has no comma, but for the last one, which may.
 */
final class DataTable {
  private DataTable() {}

  /** Reads a file whose header is this one; each row becomes a value. */
  static <T> List<T> read(String file, String header, Function<String[], T> row) {
    int columns = header.split(",", -1).length;
    try (InputStream in = DataTable.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException(file + ": not found");
      }
      List<String> lines =
          new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))
              .lines()
              .filter(line -> !line.startsWith("#"))
              .toList();
      if (lines.isEmpty() || !lines.getFirst().equals(header)) {
        throw new IllegalStateException(file + ": header (expected: " + header + ")");
      }
      return lines.stream()
          .skip(1)
          .map(
              line -> {
                String[] values = line.split(",", columns);
                if (values.length != columns) {
                  throw new IllegalStateException(
                      file + ": '" + line + "' (expected: " + columns + " values)");
                }
                return row.apply(values);
              })
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
