package dev.earshot.cli.model;

import dev.earshot.cli.UserError;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows of int8 values from a CSV file. The header names the columns: {@code x0, x1, ...} (or
 * another letter) are the values, in any order and place; any other column is text that a caller
 * may ask for by name. A file without a header has the values and nothing else. Blank lines are
 * skipped; lines end as on any system; a cell may be in double quotes.
 *
 * <p>What is wrong with the file is a {@link UserError} that names file, line and column.
 */
public final class TensorCsv implements Closeable {
  private final Path file;
  private final char letter;
  private final BufferedReader lines;

  /** Where in a row each value is. */
  private final int[] columns;

  private final List<String> names;

  /** The first row where it is not a header. */
  private @Nullable List<String> pending;

  private List<String> row = List.of();
  private int line;

  private TensorCsv(Path file, char letter, int elements) throws IOException {
    this.file = file;
    this.letter = letter;
    this.lines = Files.newBufferedReader(file);
    try {
      List<String> first = nextCells();
      if (first == null) {
        throw new UserError(file + ": empty (expected: " + expected(letter, elements) + ")");
      }
      first.set(0, withoutByteOrderMark(first.getFirst()));
      boolean header =
          first.stream().anyMatch(this::namesAValue)
              || !first.stream().allMatch(TensorCsv::isNumber);
      if (!header && first.size() != elements) {
        throw new UserError(
            "%s, line %d: %d values and no header (expected: %s)"
                .formatted(file, line, first.size(), expected(letter, elements)));
      }
      pending = header ? null : first;
      names = header ? first : inOrder(letter, elements);
      columns = columns(elements);
    } catch (IOException | RuntimeException e) {
      lines.close();
      throw e;
    }
  }

  /**
   * Opens a file and reads its header.
   *
   * @param letter before the number of each value's column
   * @param elements values of a row
   */
  public static TensorCsv open(Path file, char letter, int elements) {
    try {
      return new TensorCsv(file, letter, elements);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /** Reads the next row into {@code values}; false when there is none. */
  public boolean next(byte[] values) {
    List<String> cells = pending;
    pending = null;
    try {
      cells = cells == null ? nextCells() : cells;
    } catch (IOException e) {
      throw unreadable(file, e);
    }
    if (cells == null) {
      return false;
    }
    if (cells.size() != names.size()) {
      throw new UserError(
          "%s, line %d: %d cells (expected: %d, as in the first line)"
              .formatted(file, line, cells.size(), names.size()));
    }
    for (int element = 0; element < columns.length; element++) {
      values[element] = value(cells.get(columns[element]), element);
    }
    row = cells;
    return true;
  }

  /** The current row's cell in the column of that name; nothing where there is no such column. */
  public @Nullable String text(String name) {
    int column = names.indexOf(name);
    return column < 0 ? null : row.get(column);
  }

  /** What the current row is called: its first cell, unless that is a value. */
  public String rowName() {
    boolean named = Arrays.stream(columns).noneMatch(column -> column == 0);
    return named ? row.getFirst() : "line " + line;
  }

  /** The line that the current row began on, counted from 1. */
  public int line() {
    return line;
  }

  @Override
  public void close() {
    try {
      lines.close();
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private byte value(String text, int element) {
    try {
      return Byte.parseByte(text);
    } catch (NumberFormatException e) {
      throw new UserError(
          "%s, line %d, column %c%d: '%s' (expected: a whole number from -128 to 127)"
              .formatted(file, line, letter, element, text),
          e);
    }
  }

  private int[] columns(int elements) {
    int[] found = new int[elements];
    Arrays.fill(found, -1);
    for (int column = 0; column < names.size(); column++) {
      String name = names.get(column);
      if (!namesAValue(name)) {
        continue;
      }
      int element = Integer.parseInt(name.substring(1));
      if (element >= elements) {
        throw new UserError(
            "%s: column %s (expected: %s)".formatted(file, name, expected(letter, elements)));
      }
      if (found[element] >= 0) {
        throw new UserError("%s: two columns are called %s".formatted(file, name));
      }
      found[element] = column;
    }
    for (int element = 0; element < elements; element++) {
      if (found[element] < 0) {
        throw new UserError(
            "%s: column %c%d is missing from the header (expected: %s)"
                .formatted(file, letter, element, expected(letter, elements)));
      }
    }
    return found;
  }

  private @Nullable List<String> nextCells() throws IOException {
    for (String text = lines.readLine(); text != null; text = lines.readLine()) {
      line++;
      if (!text.isBlank()) {
        return cells(text);
      }
    }
    return null;
  }

  /** Cells of one line; a comma in double quotes is part of its cell. */
  private static List<String> cells(String text) {
    List<String> cells = new ArrayList<>();
    StringBuilder cell = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < text.length(); i++) {
      char at = text.charAt(i);
      if (at == '"') {
        quoted = !quoted;
      } else if (at == ',' && !quoted) {
        cells.add(cell.toString().strip());
        cell.setLength(0);
      } else {
        cell.append(at);
      }
    }
    cells.add(cell.toString().strip());
    return cells;
  }

  private static List<String> inOrder(char letter, int elements) {
    List<String> names = new ArrayList<>(elements);
    for (int element = 0; element < elements; element++) {
      names.add(letter + String.valueOf(element));
    }
    return names;
  }

  private boolean namesAValue(String cell) {
    return cell.matches(letter + "\\d{1,9}");
  }

  private static boolean isNumber(String cell) {
    return cell.matches("[+-]?\\d+(\\.\\d*)?");
  }

  private static String withoutByteOrderMark(String cell) {
    return cell.startsWith("\uFEFF") ? cell.substring(1) : cell;
  }

  private static String expected(char letter, int elements) {
    return elements == 1
        ? "a column " + letter + "0"
        : "columns %c0 to %c%d".formatted(letter, letter, elements - 1);
  }

  private static UserError unreadable(Path file, IOException e) {
    return switch (e) {
      case NoSuchFileException none -> new UserError(file + ": no such file", none);
      case MalformedInputException text ->
          new UserError(file + ": not UTF-8 (expected: comma-separated text)", text);
      default -> new UserError(file + ": can't be read (" + e.getMessage() + ")", e);
    };
  }
}
