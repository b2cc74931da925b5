package dev.earshot.ndp.graph;

/**
 * The geometry of a two-dimensional sliding window, in elements.
 *
 * @param height rows of the window
 * @param width columns of the window
 * @param strideHeight step between rows of the output
 * @param strideWidth step between columns of the output
 * @param dilationHeight distance between taps along the rows; 1 is a dense window
 * @param dilationWidth distance between taps along the columns
 * @param padding how the border is treated
 */
public record SlidingWindow(
    int height,
    int width,
    int strideHeight,
    int strideWidth,
    int dilationHeight,
    int dilationWidth,
    Padding padding) {

  /** Whether it has that many rows and columns side by side and moves by one. */
  public boolean isDense(int rows, int columns) {
    return height == rows
        && width == columns
        && strideHeight == 1
        && strideWidth == 1
        && dilationHeight == 1
        && dilationWidth == 1;
  }

  public int outputHeight(int inputHeight) {
    return padding.outputSize(inputHeight, height, strideHeight, dilationHeight);
  }

  public int outputWidth(int inputWidth) {
    return padding.outputSize(inputWidth, width, strideWidth, dilationWidth);
  }

  public int paddingTop(int inputHeight) {
    return padding.before(inputHeight, height, strideHeight, dilationHeight);
  }

  public int paddingLeft(int inputWidth) {
    return padding.before(inputWidth, width, strideWidth, dilationWidth);
  }

  /** Rows of the input with its zeros around it. */
  public int paddedHeight(int inputHeight) {
    return inputHeight + padding.total(inputHeight, height, strideHeight, dilationHeight);
  }

  /** Columns of the input with its zeros around it. */
  public int paddedWidth(int inputWidth) {
    return inputWidth + padding.total(inputWidth, width, strideWidth, dilationWidth);
  }
}
