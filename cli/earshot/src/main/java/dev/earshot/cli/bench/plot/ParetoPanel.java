package dev.earshot.cli.bench.plot;

import dev.earshot.cli.bench.plot.Canvas.Anchor;
import java.awt.Color;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.util.List;

/** One panel of a {@link ParetoPlot}: one cost along, quality up, a strip of unknown quality. */
final class ParetoPanel {
  private static final double RADIUS = 6.5;
  private static final double STRIP = 96;
  private static final double STRIP_GAP = 12;

  private static final Color INK = new Color(0x222222);
  private static final Color FRAME = new Color(0x999999);
  private static final Color GRID = new Color(0xE6E6E6);
  private static final Canvas.Font TEXT = new Canvas.Font(13, false, INK);
  private static final Canvas.Font NAME = new Canvas.Font(11, false, INK);
  private static final Canvas.Font SMALL = new Canvas.Font(12, false, new Color(0x666666));

  private final Canvas canvas;
  private final List<Dot> dots;
  private final int panel;
  private final Axis costs;
  private final Axis shares;
  private final double left;
  private final double top;
  private final double right;
  private final double bottom;

  /** The lower end of the axis of quality; the strip is below it. */
  private final double floor;

  ParetoPanel(
      Canvas canvas,
      List<Dot> dots,
      int panel,
      Axis costs,
      Axis shares,
      double left,
      double top,
      double right,
      double bottom) {
    this.canvas = canvas;
    this.dots = dots;
    this.panel = panel;
    this.costs = costs;
    this.shares = shares;
    this.left = left;
    this.top = top;
    this.right = right;
    this.bottom = bottom;
    this.floor =
        dots.stream().allMatch(dot -> dot.quality().isPresent())
            ? bottom
            : bottom - STRIP - STRIP_GAP;
  }

  void draw(String cost, boolean named) {
    axes(cost, named);
    dots.stream()
        .map(Dot::series)
        .distinct()
        .forEach(series -> front(Dot.front(dots, series, panel)));
    Labels labels =
        new Labels(
            canvas, new Rectangle2D.Double(left + 4, top, right - left - 8, bottom - top), NAME);
    for (Dot dot : dots) {
      labels.keepClear(
          new Rectangle2D.Double(x(dot) - RADIUS, y(dot) - RADIUS, 2 * RADIUS, 2 * RADIUS));
      labels.keepClear(new Rectangle2D.Double(low(dot), y(dot) - 1, high(dot) - low(dot), 2));
    }
    dots.forEach(dot -> labels.write(dot.name(), x(dot), y(dot)));
    dots.forEach(this::symbol);
  }

  private void axes(String cost, boolean named) {
    for (double tick : costs.ticks()) {
      double x = left + costs.position(tick) * (right - left);
      canvas.stroke(new Line2D.Double(x, top, x, bottom), GRID, 1, false);
      canvas.text(Axis.name(tick), x, bottom + 18, Anchor.MIDDLE, SMALL);
    }
    for (double tick : shares.ticks()) {
      double y = height(tick);
      canvas.stroke(new Line2D.Double(left, y, right, y), GRID, 1, false);
      if (named) {
        canvas.text(Axis.name(tick), left - 8, y + 4, Anchor.END, SMALL);
      }
    }
    canvas.stroke(new Rectangle2D.Double(left, top, right - left, floor - top), FRAME, 1, false);
    if (floor < bottom) {
      double stripTop = floor + STRIP_GAP;
      canvas.stroke(
          new Rectangle2D.Double(left, stripTop, right - left, bottom - stripTop), FRAME, 1, false);
      canvas.text("no labelled data", left + 8, bottom - 8, Anchor.START, SMALL);
    }
    canvas.text(cost, (left + right) / 2, bottom + 42, Anchor.MIDDLE, TEXT);
  }

  /** Steps, because a mix of two models is not a model. */
  private void front(List<Dot> front) {
    if (front.size() < 2) {
      return;
    }
    Path2D path = new Path2D.Double();
    path.moveTo(x(front.getFirst()), y(front.getFirst()));
    for (Dot dot : front.subList(1, front.size())) {
      path.lineTo(x(dot), path.getCurrentPoint().getY());
      path.lineTo(x(dot), y(dot));
    }
    canvas.stroke(path, front.getFirst().symbol().color(), 1.5, false);
  }

  /**
   * Full on the front, pale where another of its series beats it, hollow where nothing is known.
   */
  private void symbol(Dot dot) {
    canvas.stroke(
        new Line2D.Double(low(dot), y(dot), high(dot), y(dot)), dot.symbol().color(), 1.5, false);
    boolean beaten = dots.stream().anyMatch(other -> dot.isBeatenBy(other, panel));
    Color inside =
        dot.quality().isEmpty() ? Color.WHITE : beaten ? dot.symbol().pale() : dot.symbol().color();
    canvas.fill(dot.symbol().at(x(dot), y(dot), RADIUS), inside);
    canvas.stroke(dot.symbol().at(x(dot), y(dot), RADIUS), dot.symbol().color(), 1.5, false);
  }

  /** Where the error bar begins; it stays in the panel. */
  private double low(Dot dot) {
    return along(Math.max(dot.costs().get(panel).low(), costs.from()));
  }

  private double high(Dot dot) {
    return along(Math.min(dot.costs().get(panel).high(), costs.to()));
  }

  private double x(Dot dot) {
    return along(dot.costs().get(panel).value());
  }

  private double y(Dot dot) {
    return dot.quality().isPresent() ? height(dot.quality().getAsDouble()) : bottom - STRIP / 2 - 6;
  }

  private double along(double cost) {
    return left + costs.position(cost) * (right - left);
  }

  private double height(double share) {
    return floor - shares.position(share) * (floor - top);
  }
}
