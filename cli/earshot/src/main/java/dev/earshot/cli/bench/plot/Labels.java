package dev.earshot.cli.bench.plot;

import dev.earshot.cli.bench.plot.Canvas.Anchor;
import dev.earshot.cli.bench.plot.Canvas.Font;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;

/** Writes names beside dots, each in the nearest place where nothing is yet. */
final class Labels {
  private static final double GAP = 11;
  private static final double[] SHIFTS = {0, -11, 11, -22, 22, -33, 33, -44, 44, -58, 58, -72, 72};

  private final Canvas canvas;
  private final Rectangle2D bounds;
  private final Font font;
  private final List<Rectangle2D> taken = new ArrayList<>();

  /**
   * Labels of a panel.
   *
   * @param bounds that they stay in
   */
  Labels(Canvas canvas, Rectangle2D bounds, Font font) {
    this.canvas = canvas;
    this.bounds = bounds;
    this.font = font;
  }

  /** Keeps labels off something. */
  void keepClear(Rectangle2D place) {
    taken.add(place);
  }

  /** Names a dot; with a thin line to it where the name is not right beside it. */
  void write(String text, double x, double y) {
    double width = font.width(text);
    for (double shift : SHIFTS) {
      for (Anchor anchor : List.of(Anchor.START, Anchor.END)) {
        double left = anchor == Anchor.START ? x + GAP : x - GAP - width;
        Rectangle2D place =
            new Rectangle2D.Double(left, y + shift - font.size() / 2.0, width, font.size());
        if (bounds.contains(place) && taken.stream().noneMatch(place::intersects)) {
          put(text, place, x, y, shift, anchor);
          return;
        }
      }
    }
    // No room anywhere: better written over something than not at all.
    put(text, new Rectangle2D.Double(x + GAP, y, width, font.size()), x, y, 0, Anchor.START);
  }

  private void put(
      String text, Rectangle2D place, double x, double y, double shift, Anchor anchor) {
    taken.add(place);
    double edge = anchor == Anchor.START ? place.getMinX() : place.getMaxX();
    if (Math.abs(shift) > 11) {
      double end = anchor == Anchor.START ? edge - 1 : edge + 1;
      canvas.stroke(new Line2D.Double(x, y, end, place.getCenterY()), font.color(), 0.5, false);
    }
    canvas.text(text, edge, place.getCenterY() + font.size() * 0.35, anchor, font);
  }
}
