package dev.earshot.cli.bench.plot;

import java.awt.Color;
import java.awt.Shape;

/** What a plot is drawn on; x grows to the right, y downwards, in pixels. */
interface Canvas {
  /** Where a text's point is. */
  enum Anchor {
    START,
    MIDDLE,
    END
  }

  /**
   * How a text looks.
   *
   * @param size of its letters in pixels
   */
  record Font(int size, boolean bold, Color color) {
    /**
     * About how wide a text is, in pixels; rather too much than too little. Not measured: the
     * reader's machine chooses the letters of an SVG.
     */
    double width(String text) {
      return text.length() * size * (bold ? 0.6 : 0.55);
    }
  }

  void fill(Shape shape, Color color);

  /** Draws an outline. */
  void stroke(Shape shape, Color color, double width, boolean dashed);

  /** Writes a text whose baseline is at y. */
  void text(String text, double x, double y, Anchor anchor, Font font);

  /** Writes a text from below to above whose middle is at the point. */
  void upwards(String text, double x, double y, Font font);
}
