package dev.earshot.cli.bench.mlperf;

import dev.earshot.cli.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A {@code y_labels.csv} of the benchmark's runner, which has no header: file, number of classes,
 * class; for anomaly detection (classes 0 normal, 1 anomaly) also the width and the stride of the
 * windows in bytes.
 *
 * @param file itself
 * @param entries whose files are beside it
 * @param missing names that are listed, but not there
 */
record LabelFile(Path file, List<Entry> entries, List<String> missing) {
  /** Five frames of 128 float32 features, moved by one frame. */
  private static final int WINDOW_BYTES = 5 * 128 * Float.BYTES;

  private static final int STRIDE_BYTES = 128 * Float.BYTES;

  /**
   * One input.
   *
   * @param input its file
   * @param label index of its class
   * @param windowBytes width of a window
   * @param strideBytes from one window to the next
   */
  record Entry(Path input, int label, int windowBytes, int strideBytes) {
    String name() {
      return input.getFileName().toString();
    }

    byte[] read() {
      try {
        return Files.readAllBytes(input);
      } catch (IOException e) {
        throw new UserError(input + ": can't be read (" + e.getMessage() + ")", e);
      }
    }
  }

  LabelFile {
    entries = List.copyOf(entries);
    missing = List.copyOf(missing);
  }

  static LabelFile read(Path file) {
    List<String> lines;
    try {
      lines = Files.readAllLines(file);
    } catch (IOException e) {
      throw new UserError(file + ": can't be read (" + e.getMessage() + ")", e);
    }
    List<Entry> entries = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    for (int line = 0; line < lines.size(); line++) {
      if (lines.get(line).isBlank()) {
        continue;
      }
      Entry entry = entry(file, line + 1, lines.get(line).split(",", -1));
      if (Files.isRegularFile(entry.input())) {
        entries.add(entry);
      } else {
        missing.add(entry.name());
      }
    }
    return new LabelFile(file, entries, missing);
  }

  private static Entry entry(Path file, int line, String[] cells) {
    String where = file + ", line " + line;
    if (cells.length < 3) {
      throw new UserError(where + ": expected: file, number of classes, class");
    }
    int classes = number(where, "number of classes", cells[1], 1);
    int label = number(where, "class", cells[2], 0);
    if (label >= classes) {
      throw new UserError(where + ": class " + label + " of " + classes + " (they begin at 0)");
    }
    return new Entry(
        file.resolveSibling(cells[0].strip()),
        label,
        cells.length > 3 ? number(where, "window width", cells[3], Float.BYTES) : WINDOW_BYTES,
        cells.length > 4 ? number(where, "stride", cells[4], Float.BYTES) : STRIDE_BYTES);
  }

  private static int number(String where, String what, String text, int least) {
    try {
      int value = Integer.parseInt(text.strip());
      if (value >= least) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw new UserError(
        "%s: %s '%s' (expected: a whole number, at least %d)"
            .formatted(where, what, text.strip(), least));
  }

  /** For people: where the data is from, and how much of it there is. */
  String source() {
    Path folder = file.toAbsolutePath().getParent();
    String name = (folder == null ? "" : folder.getFileName() + "/") + file.getFileName();
    return missing.isEmpty()
        ? name
        : name + ", " + entries.size() + " of " + (entries.size() + missing.size()) + " files";
  }
}
