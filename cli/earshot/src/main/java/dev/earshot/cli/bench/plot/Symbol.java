package dev.earshot.cli.bench.plot;

import java.awt.Color;
import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;

/**
 * A shape in a colour. The colours are those of Okabe and Ito ("Color Universal Design", 2008),
 * which people with any kind of colour vision can tell apart; the shapes differ too.
 */
public enum Symbol {
  CIRCLE(0x0072B2, 0, 0),
  SQUARE(0xD55E00, 4, 45),
  TRIANGLE(0x009E73, 3, -90),
  DIAMOND(0xCC79A7, 4, 0),
  POINTING_DOWN(0xE69F00, 3, 90),
  PENTAGON(0x56B4E9, 5, -90),
  HEXAGON(0x666666, 6, 0);

  private final Color color;
  private final int corners;
  private final double firstDegrees;

  Symbol(int rgb, int corners, double firstDegrees) {
    this.color = new Color(rgb);
    this.corners = corners;
    this.firstDegrees = firstDegrees;
  }

  Color color() {
    return color;
  }

  /** Half way to white. */
  Color pale() {
    return new Color(
        (color.getRed() + 510) / 3, (color.getGreen() + 510) / 3, (color.getBlue() + 510) / 3);
  }

  /** The shape around a point; all have about the same area for the same radius. */
  Shape at(double x, double y, double radius) {
    if (corners == 0) {
      return new Ellipse2D.Double(x - radius, y - radius, 2 * radius, 2 * radius);
    }
    double reach = radius * Math.sqrt(2 * Math.PI / (corners * Math.sin(2 * Math.PI / corners)));
    Path2D path = new Path2D.Double();
    for (int corner = 0; corner < corners; corner++) {
      double angle = Math.toRadians(firstDegrees) + 2 * Math.PI * corner / corners;
      double cornerX = x + reach * Math.cos(angle);
      double cornerY = y + reach * Math.sin(angle);
      if (corner == 0) {
        path.moveTo(cornerX, cornerY);
      } else {
        path.lineTo(cornerX, cornerY);
      }
    }
    path.closePath();
    return path;
  }
}
