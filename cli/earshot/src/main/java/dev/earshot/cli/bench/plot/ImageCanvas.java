package dev.earshot.cli.bench.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;

/** Draws to a picture of pixels, twice as fine as it is told, so that it is sharp when printed. */
final class ImageCanvas implements Canvas {
  private static final int SCALE = 2;

  private final BufferedImage image;
  private final Graphics2D graphics;

  ImageCanvas(int width, int height) {
    image = new BufferedImage(width * SCALE, height * SCALE, BufferedImage.TYPE_INT_RGB);
    graphics = image.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    graphics.scale(SCALE, SCALE);
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, width, height);
  }

  @Override
  public void fill(Shape shape, Color color) {
    graphics.setColor(color);
    graphics.fill(shape);
  }

  @Override
  public void stroke(Shape shape, Color color, double width, boolean dashed) {
    graphics.setColor(color);
    graphics.setStroke(
        dashed
            ? new BasicStroke(
                (float) width,
                BasicStroke.CAP_BUTT,
                BasicStroke.JOIN_MITER,
                10,
                new float[] {4, 4},
                0)
            : new BasicStroke((float) width, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER));
    graphics.draw(shape);
  }

  @Override
  public void text(String text, double x, double y, Anchor anchor, Font font) {
    use(font);
    double width = graphics.getFontMetrics().stringWidth(text);
    double shift =
        switch (anchor) {
          case START -> 0;
          case MIDDLE -> width / 2;
          case END -> width;
        };
    graphics.drawString(text, (float) (x - shift), (float) y);
  }

  @Override
  public void upwards(String text, double x, double y, Font font) {
    AffineTransform before = graphics.getTransform();
    graphics.translate(x, y);
    graphics.rotate(-Math.PI / 2);
    text(text, 0, 0, Anchor.MIDDLE, font);
    graphics.setTransform(before);
  }

  private void use(Font font) {
    int style = font.bold() ? java.awt.Font.BOLD : java.awt.Font.PLAIN;
    graphics.setFont(new java.awt.Font(java.awt.Font.SANS_SERIF, style, font.size()));
    graphics.setColor(font.color());
  }

  /** The picture. */
  BufferedImage picture() {
    graphics.dispose();
    return image;
  }
}
