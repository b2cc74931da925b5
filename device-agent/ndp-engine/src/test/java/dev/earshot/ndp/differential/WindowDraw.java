package dev.earshot.ndp.differential;

/**
 * A sliding window that fits an image.
 *
 * @param padding 0 SAME, 1 VALID
 */
record WindowDraw(
    int height,
    int width,
    int strideHeight,
    int strideWidth,
    int dilationHeight,
    int dilationWidth,
    int padding,
    int outputHeight,
    int outputWidth) {
  private static final int VALID = 1;

  static WindowDraw draw(Draw draw, Port image, boolean dilated) {
    int padding = draw.between(0, 1);
    int dilationHeight = dilated && draw.oneIn(4) ? draw.between(2, 3) : 1;
    int dilationWidth = dilated && draw.oneIn(4) ? draw.between(2, 3) : 1;
    int height = side(draw, image.dimension(1), dilationHeight, padding);
    int width = side(draw, image.dimension(2), dilationWidth, padding);
    int strideHeight = draw.oneIn(2) ? 1 : draw.between(1, 3);
    int strideWidth = draw.oneIn(2) ? strideHeight : draw.between(1, 3);
    return new WindowDraw(
        height,
        width,
        strideHeight,
        strideWidth,
        dilationHeight,
        dilationWidth,
        padding,
        output(image.dimension(1), height, dilationHeight, strideHeight, padding),
        output(image.dimension(2), width, dilationWidth, strideWidth, padding));
  }

  /** Without padding, the window must fit. */
  private static int side(Draw draw, int image, int dilation, int padding) {
    int most = padding == VALID ? (image - 1) / dilation + 1 : 6;
    return draw.between(1, Math.min(draw.oneIn(8) ? 12 : 5, most));
  }

  private static int output(int image, int side, int dilation, int stride, int padding) {
    int reach = (side - 1) * dilation + 1;
    return padding == VALID ? (image - reach) / stride + 1 : (image + stride - 1) / stride;
  }

  @Override
  public String toString() {
    return "%dx%d stride %dx%d dilation %dx%d %s"
        .formatted(
            height,
            width,
            strideHeight,
            strideWidth,
            dilationHeight,
            dilationWidth,
            padding == VALID ? "VALID" : "SAME");
  }
}
