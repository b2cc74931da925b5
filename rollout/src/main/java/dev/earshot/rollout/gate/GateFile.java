package dev.earshot.rollout.gate;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads devices for {@link CountsGate} from comma-separated text, so that anyone can recompute a
 * decision. The first line names the columns, in any order: {@value #COLUMN_NAMES}. Further columns
 * are ignored, fields may be quoted, blank lines are skipped. The arm is {@code treatment} (or
 * {@code treated}, {@code t}, {@code 1}) or {@code control} ({@code c}, {@code 0}).
 *
 * <p>A line that says the same as another counts once. A device may appear in several strata, but
 * with one arm.
 */
public final class GateFile {
  static final String COLUMN_NAMES =
      "device, stratum, arm, exposure_hours, count, prior_exposure_hours, prior_count";

  private static final List<String> COLUMNS = List.of(COLUMN_NAMES.split(", "));
  private static final int MAX_PROBLEMS = 20;
  private static final double MOST_HOURS = 1e12;
  private static final double MOST_EVENTS = 1e15;
  private static final Pattern DECIMAL =
      Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?");

  /** What reading a file gives. */
  public sealed interface Result {}

  /**
   * The file is well formed.
   *
   * @param devices one for each device and stratum, in the file's order
   * @param repeatedLines lines that repeated another and were not counted
   */
  public record Read(List<Device> devices, int repeatedLines) implements Result {
    public Read {
      devices = List.copyOf(devices);
    }
  }

  /**
   * The file cannot be used.
   *
   * @param problems at most {@value #MAX_PROBLEMS}, in the file's order; not empty
   */
  public record Malformed(List<Problem> problems) implements Result {
    public Malformed {
      problems = List.copyOf(problems);
    }
  }

  /**
   * What is wrong, and where.
   *
   * @param line from 1
   * @param column name of the column
   * @param message what was found and what was expected
   */
  public record Problem(int line, String column, String message) {
    @Override
    public String toString() {
      return "line " + line + ", column " + column + ": " + message;
    }
  }

  private final List<Problem> problems = new ArrayList<>();
  private final Map<List<String>, Row> rows = new LinkedHashMap<>();
  private final Map<String, Row> firstOfDevice = new HashMap<>();
  private int repeated;

  private record Row(int line, Device device) {}

  private GateFile() {}

  /** Reads the whole text of a file. */
  public static Result parse(String text) {
    return new GateFile().read(text.lines().toList());
  }

  private Result read(List<String> lines) {
    Map<String, Integer> positions = lines.isEmpty() ? Map.of() : header(lines.get(0));
    if (lines.isEmpty()) {
      problems.add(new Problem(1, COLUMNS.get(0), "empty file (expected: " + COLUMN_NAMES + ")"));
    }
    int width = lines.isEmpty() ? 0 : split(lines.get(0)).size();
    if (problems.isEmpty()) {
      for (int i = 1; i < lines.size() && problems.size() < MAX_PROBLEMS; i++) {
        if (!lines.get(i).isBlank()) {
          row(new Fields(i + 1, split(lines.get(i)), positions), width);
        }
      }
    }
    return problems.isEmpty()
        ? new Read(rows.values().stream().map(Row::device).toList(), repeated)
        : new Malformed(problems);
  }

  private Map<String, Integer> header(String line) {
    // A byte order mark comes with files that were saved by a spreadsheet.
    String withoutMark = line.startsWith("\uFEFF") ? line.substring(1) : line;
    List<String> names = split(withoutMark);
    Map<String, Integer> positions = new HashMap<>();
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i).toLowerCase(Locale.ROOT);
      if (positions.put(name, i) != null && COLUMNS.contains(name)) {
        problems.add(new Problem(1, name, "named twice (expected: once)"));
      }
    }
    for (String column : COLUMNS) {
      if (!positions.containsKey(column)) {
        problems.add(new Problem(1, column, "missing (expected columns: " + COLUMN_NAMES + ")"));
      }
    }
    return Collections.unmodifiableMap(positions);
  }

  private void row(Fields fields, int width) {
    int before = problems.size();
    // A decimal comma shifts everything behind it: never guess.
    for (int i = width; i < fields.values.size() && problems.size() == before; i++) {
      if (!fields.values.get(i).isEmpty()) {
        fields.problem(
            Integer.toString(i + 1),
            fields.values.get(i) + " (expected: " + width + " fields, as in line 1)");
      }
    }
    String id = fields.text("device");
    String stratum = fields.text("stratum");
    boolean treated = fields.treated();
    double exposure = fields.number("exposure_hours");
    long count = fields.count("count");
    double priorExposure = fields.number("prior_exposure_hours");
    long priorCount = fields.count("prior_count");
    if (problems.size() > before) {
      return;
    }
    Device device =
        new Device(
            id, stratum, treated, new DeviceCounts(exposure, count, priorExposure, priorCount));
    Row row = new Row(fields.line, device);
    Row sameKey = rows.putIfAbsent(List.of(id, stratum), row);
    Row first = firstOfDevice.putIfAbsent(id, row);
    if (sameKey != null && sameKey.device.equals(device)) {
      repeated++;
    } else if (sameKey != null) {
      fields.problem(
          "device",
          id + " in stratum " + stratum + " again, with other values than in line " + sameKey.line);
    } else if (first != null && first.device.treated() != treated) {
      fields.problem("arm", id + " is in the other arm in line " + first.line);
    }
  }

  /** The fields of a line; a doubled quote inside quotes is a quote. */
  private static List<String> split(String line) {
    List<String> fields = new ArrayList<>();
    StringBuilder field = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '"' && quoted && i + 1 < line.length() && line.charAt(i + 1) == '"') {
        field.append('"');
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        fields.add(field.toString().strip());
        field.setLength(0);
      } else {
        field.append(c);
      }
    }
    fields.add(field.toString().strip());
    return fields;
  }

  /** One line's fields by column; what cannot be read becomes a problem and a neutral value. */
  private final class Fields {
    final int line;
    final List<String> values;
    final Map<String, Integer> positions;

    Fields(int line, List<String> values, Map<String, Integer> positions) {
      this.line = line;
      this.values = values;
      this.positions = positions;
    }

    void problem(String column, String message) {
      problems.add(new Problem(line, column, message));
    }

    String text(String column) {
      Integer position = positions.get(column);
      String value = position == null || position >= values.size() ? "" : values.get(position);
      if (value.isEmpty()) {
        problem(column, "empty (expected: a value)");
      }
      return value;
    }

    boolean treated() {
      String value = text("arm");
      return switch (value.toLowerCase(Locale.ROOT)) {
        case "treatment", "treated", "t", "1" -> true;
        case "control", "c", "0", "" -> false;
        default -> {
          problem("arm", value + " (expected: treatment or control)");
          yield false;
        }
      };
    }

    double number(String column) {
      String value = text(column);
      Double parsed = value.isEmpty() ? Double.valueOf(0) : parsed(value);
      if (parsed == null || !(parsed >= 0 && parsed <= MOST_HOURS)) {
        problem(column, value + " (expected: a number from 0 to 1e12)");
        return 0;
      }
      return parsed;
    }

    long count(String column) {
      String value = text(column);
      Double parsed = value.isEmpty() ? Double.valueOf(0) : parsed(value);
      if (parsed == null
          || !(parsed >= 0 && parsed <= MOST_EVENTS)
          || parsed != Math.rint(parsed)) {
        problem(column, value + " (expected: a whole number from 0 to 1e15)");
        return 0;
      }
      return parsed.longValue();
    }

    private @Nullable Double parsed(String value) {
      return DECIMAL.matcher(value).matches() ? Double.valueOf(value) : null;
    }
  }
}
