package dev.earshot.cli.rollout;

import java.io.Console;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/**
 * Lines that stay, and a block below them that is redrawn in place. Without a terminal there is no
 * block: a line is printed whenever a milestone is reached, so that a log stays readable. Lines are
 * cut to the width of the terminal and the block to its height, so that it never wraps; it may be
 * made smaller or larger meanwhile. Not thread-safe.
 */
final class Screen implements AutoCloseable {
  private static final int LEAST_COLUMNS = 20;
  private static final int LEAST_ROWS = 4;

  private final PrintStream out;
  private final boolean live;
  private final Supplier<Size> size;
  private final AutoCloseable terminal;
  private List<String> block = List.of();
  private String milestone = "";

  Screen(PrintStream out, boolean live, Supplier<Size> size, AutoCloseable terminal) {
    this.out = out;
    this.live = live;
    this.size = size;
    this.terminal = terminal;
  }

  /** Standard output; live when it is a terminal that understands cursor movements. */
  static Screen standard() {
    String type = System.getenv("TERM");
    boolean live =
        System.console() instanceof Console console
            && console.isTerminal()
            && type != null
            && !type.equals("dumb")
            && System.getenv("NO_COLOR") == null;
    if (!live) {
      return new Screen(System.out, false, () -> new Size(0, 0), () -> {});
    }
    try {
      // `exec` asks stty: slower than native code, but it needs no permission for native access.
      Terminal terminal = TerminalBuilder.builder().system(true).provider("exec").build();
      return new Screen(System.out, true, terminal::getSize, terminal);
    } catch (IOException | IllegalStateException e) {
      return new Screen(System.out, false, () -> new Size(0, 0), () -> {});
    }
  }

  /** Characters that fit on a line. */
  int columns() {
    int columns = live ? size.get().getColumns() : 0;
    return columns == 0 ? Integer.MAX_VALUE : Math.max(LEAST_COLUMNS, columns);
  }

  /** Prints lines that stay. */
  void print(List<String> lines) {
    if (lines.isEmpty()) {
      return;
    }
    StringBuilder text = new StringBuilder(erase());
    lines.forEach(line -> text.append(line).append(System.lineSeparator()));
    List<String> again = block;
    block = List.of();
    out.print(text);
    if (live) {
      draw(again);
    }
    out.flush();
  }

  /**
   * Redraws the block.
   *
   * @param newMilestone without a terminal the line is printed only when this is a new one
   * @param line for a place that has no block
   */
  void status(String newMilestone, String line, List<String> lines) {
    if (live) {
      out.print(erase());
      block = List.of();
      draw(lines);
      out.flush();
    } else if (!newMilestone.equals(milestone)) {
      out.println(line);
      out.flush();
    }
    milestone = newMilestone;
  }

  /** Lets the block stay as it is: what is printed next comes below it. */
  void leave() {
    block = List.of();
  }

  /** Leaves what is there and gives the terminal back. */
  @Override
  public void close() {
    try {
      terminal.close();
    } catch (Exception e) {
      throw new IllegalStateException("the terminal can't be given back", e);
    }
  }

  private void draw(List<String> lines) {
    int columns = columns();
    int rows = Math.max(LEAST_ROWS, size.get().getRows()) - 1;
    List<String> shown = new ArrayList<>();
    for (String line : lines.subList(0, Math.min(lines.size(), rows))) {
      shown.add(cut(line, columns));
    }
    if (lines.size() > rows) {
      shown.set(rows - 1, "…");
    }
    shown.forEach(line -> out.print(line + "\n"));
    block = shown;
  }

  /** Moves to the first line of the block, which may have been wrapped since, and clears it. */
  private String erase() {
    if (!live || block.isEmpty()) {
      return "";
    }
    int columns = columns();
    int rows = 0;
    for (String line : block) {
      rows += Math.max(1, (line.length() + columns - 1) / columns);
    }
    return "\033[" + rows + "A\r\033[J";
  }

  private static String cut(String line, int columns) {
    return line.length() < columns ? line : line.substring(0, columns - 2) + "…";
  }
}
