package dev.earshot.cli.bench.plot;

import java.awt.Color;
import java.awt.geom.Line2D;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.imageio.ImageIO;

/**
 * Quality against costs: one panel for each cost, side by side, with one axis of quality. What is
 * of unknown quality is in a strip below, at its cost. Lines join the front of each series.
 *
 * @param title above all
 * @param subtitle how to read it
 * @param quality what the axis of quality shows
 * @param costs what the axis of each panel shows
 * @param dots what is shown
 * @param notes below all
 */
public record ParetoPlot(
    String title,
    String subtitle,
    String quality,
    List<String> costs,
    List<Dot> dots,
    List<String> notes) {
  private static final int WIDTH = 1240;
  private static final int HEIGHT = 700;
  private static final int LEFT = 80;
  private static final int RIGHT = 20;
  private static final int TOP = 80;
  private static final int PANEL_GAP = 30;
  private static final int BELOW_PANELS = 150;

  private static final Color INK = new Color(0x222222);
  private static final Color SOFT = new Color(0x666666);
  private static final Canvas.Font TITLE = new Canvas.Font(20, true, INK);
  private static final Canvas.Font TEXT = new Canvas.Font(13, false, INK);
  private static final Canvas.Font SMALL = new Canvas.Font(12, false, SOFT);

  public ParetoPlot {
    costs = List.copyOf(costs);
    dots = List.copyOf(dots);
    notes = List.copyOf(notes);
    for (Dot dot : dots) {
      if (dot.costs().size() != costs.size()) {
        throw new IllegalArgumentException(
            dot.name() + ": " + dot.costs().size() + " costs (expected: " + costs.size() + ")");
      }
    }
  }

  /**
   * Writes a file; its name says as what.
   *
   * @param file ending in .svg or .png
   * @throws IOException when it can't be written
   */
  public void write(Path file) throws IOException {
    if (isSvg(file)) {
      SvgCanvas canvas = new SvgCanvas(WIDTH, HEIGHT);
      draw(canvas);
      Files.writeString(file, canvas.document());
    } else {
      // No windows are wanted; without this a DISPLAY that can't be reached is an error.
      System.setProperty("java.awt.headless", "true");
      ImageCanvas canvas = new ImageCanvas(WIDTH, HEIGHT);
      draw(canvas);
      if (!ImageIO.write(canvas.picture(), "png", file.toFile())) {
        throw new IOException("this Java has no writer of PNG");
      }
    }
  }

  /** Whether a plot can be written to a file of that name. */
  public static boolean isPossible(Path file) {
    return isSvg(file) || name(file).endsWith(".png");
  }

  private static boolean isSvg(Path file) {
    return name(file).endsWith(".svg");
  }

  private static String name(Path file) {
    return file.toString().toLowerCase(Locale.ROOT);
  }

  private void draw(Canvas canvas) {
    canvas.text(title, LEFT, 32, Canvas.Anchor.START, TITLE);
    canvas.text(subtitle, LEFT, 56, Canvas.Anchor.START, SMALL);
    Axis shares =
        Axis.percent(dots.stream().flatMap(dot -> dot.quality().stream().boxed()).toList());
    double width = (double) (WIDTH - LEFT - RIGHT - PANEL_GAP * (costs.size() - 1)) / costs.size();
    double bottom = HEIGHT - BELOW_PANELS;
    for (int panel = 0; panel < costs.size(); panel++) {
      int index = panel;
      Axis axis =
          Axis.logarithmic(dots.stream().map(dot -> dot.costs().get(index).value()).toList());
      double left = LEFT + panel * (width + PANEL_GAP);
      ParetoPanel drawn =
          new ParetoPanel(canvas, dots, panel, axis, shares, left, TOP, left + width, bottom);
      drawn.draw(costs.get(panel), panel == 0);
    }
    canvas.upwards(quality, 22, (TOP + bottom) / 2, TEXT);
    legend(canvas, bottom + 72);
    for (int i = 0; i < notes.size(); i++) {
      canvas.text(notes.get(i), LEFT, bottom + 104 + 18 * i, Canvas.Anchor.START, SMALL);
    }
  }

  private void legend(Canvas canvas, double y) {
    Map<String, Symbol> series = new LinkedHashMap<>();
    dots.forEach(dot -> series.putIfAbsent(dot.series(), dot.symbol()));
    double x = LEFT + 8;
    for (Map.Entry<String, Symbol> each : series.entrySet()) {
      canvas.fill(each.getValue().at(x, y, 6), each.getValue().color());
      canvas.text(each.getKey(), x + 12, y + 4.5, Canvas.Anchor.START, TEXT);
      x += 40 + TEXT.width(each.getKey());
    }
    canvas.stroke(new Line2D.Double(x, y, x + 22, y), SOFT, 1.5, false);
    canvas.text("Pareto front", x + 28, y + 4.5, Canvas.Anchor.START, TEXT);
  }
}
