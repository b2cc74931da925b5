package dev.earshot.cli.bench.plot;

import java.awt.Color;
import java.awt.Shape;
import java.awt.geom.PathIterator;
import java.util.Locale;

/** Draws to the text of an SVG file. */
final class SvgCanvas implements Canvas {
  private static final String FAMILY = "Helvetica, Arial, 'DejaVu Sans', sans-serif";

  private final StringBuilder svg = new StringBuilder();

  SvgCanvas(int width, int height) {
    svg.append(
        """
        <svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" \
        font-family="%s">
        <rect width="100%%" height="100%%" fill="white"/>
        """
            .formatted(width, height, width, height, FAMILY));
  }

  @Override
  public void fill(Shape shape, Color color) {
    svg.append("<path d=\"%s\" fill=\"%s\"/>\n".formatted(path(shape), hex(color)));
  }

  @Override
  public void stroke(Shape shape, Color color, double width, boolean dashed) {
    svg.append(
        "<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"%s\"%s/>\n"
            .formatted(
                path(shape), hex(color), number(width), dashed ? " stroke-dasharray=\"4 4\"" : ""));
  }

  @Override
  public void text(String text, double x, double y, Anchor anchor, Font font) {
    String at = "x=\"%s\" y=\"%s\"".formatted(number(x), number(y));
    write(text, at, anchor.name().toLowerCase(Locale.ROOT), font);
  }

  @Override
  public void upwards(String text, double x, double y, Font font) {
    String at = "transform=\"translate(%s %s) rotate(-90)\"".formatted(number(x), number(y));
    write(text, at, "middle", font);
  }

  private void write(String text, String at, String anchor, Font font) {
    svg.append(
        "<text %s font-size=\"%d\"%s fill=\"%s\" text-anchor=\"%s\">%s</text>\n"
            .formatted(
                at,
                font.size(),
                font.bold() ? " font-weight=\"bold\"" : "",
                hex(font.color()),
                anchor,
                escaped(text)));
  }

  /** The file's text. */
  String document() {
    return svg + "</svg>\n";
  }

  private static String path(Shape shape) {
    StringBuilder path = new StringBuilder();
    double[] points = new double[6];
    for (PathIterator at = shape.getPathIterator(null); !at.isDone(); at.next()) {
      int kind = at.currentSegment(points);
      switch (kind) {
        case PathIterator.SEG_MOVETO -> append(path, "M", points, 2);
        case PathIterator.SEG_LINETO -> append(path, "L", points, 2);
        case PathIterator.SEG_QUADTO -> append(path, "Q", points, 4);
        case PathIterator.SEG_CUBICTO -> append(path, "C", points, 6);
        case PathIterator.SEG_CLOSE -> path.append('Z');
        default -> throw new IllegalStateException("path segment: " + kind);
      }
    }
    return path.toString();
  }

  private static void append(StringBuilder path, String command, double[] points, int count) {
    path.append(command);
    for (int i = 0; i < count; i++) {
      path.append(i == 0 ? "" : " ").append(number(points[i]));
    }
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.1f", value).replaceFirst("\\.0$", "");
  }

  private static String hex(Color color) {
    return String.format(Locale.ROOT, "#%06x", color.getRGB() & 0xFFFFFF);
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
