package dev.earshot.ndp.streaming;

import com.google.flatbuffers.FlatBufferBuilder;
import java.util.Arrays;
import java.util.function.ToIntFunction;

/** Goes on with a {@link TimeModel} by operators that move elements, or work one by one. */
final class LayoutLayers {
  private static final int NO_OPTIONS = 0;

  private final TimeModel model;

  LayoutLayers(TimeModel model) {
    this.model = model;
  }

  private TimeModel.Layer like(TimeModel.Layer layer, int rows, int width, int channels) {
    return model.activation(rows, width, channels, layer.scale(), layer.zeroPoint());
  }

  private TimeModel append(
      int code,
      int optionsType,
      ToIntFunction<FlatBufferBuilder> options,
      TimeModel.Layer output,
      int... inputs) {
    model.file().operator(code, inputs, new int[] {output.tensor()}, optionsType, options);
    return model.from(output);
  }

  /** RELU, LOGISTIC or QUANTIZE. */
  TimeModel elementwise(int which) {
    TimeModel.Layer from = model.last();
    TimeModel.Layer to =
        which == 1
            ? model.activation(from.rows(), from.width(), from.channels(), 1 / 256f, -128)
            : model.activation(from.rows(), from.width(), from.channels(), from.scale() / 2, -50);
    int code = new int[] {19, 14, 114}[which];
    return append(code, NO_OPTIONS, b -> 0, to, from.tensor());
  }

  /** MAX_POOL_2D over time. */
  TimeModel maxPool(int taps) {
    TimeModel.Layer from = model.last();
    boolean high = model.timeAxis() == 1;
    return append(
        17,
        5,
        b -> {
          b.startTable(6);
          b.addByte(0, (byte) TimeModel.VALID, 0);
          b.addInt(1, 1, 0);
          b.addInt(2, 1, 0);
          b.addInt(3, high ? 1 : taps, 0);
          b.addInt(4, high ? taps : 1, 0);
          return b.endTable();
        },
        like(from, from.rows() - taps + 1, from.width(), from.channels()),
        from.tensor());
  }

  /** STRIDED_SLICE along time: every n-th row from one to before another. */
  TimeModel crop(int begin, int end, int stride) {
    TimeModel.Layer from = model.last();
    int[] begins = new int[4];
    int[] ends = {1, from.width(), from.width(), from.channels()};
    if (model.timeAxis() == 2) {
      ends[1] = 1;
    }
    int[] strides = {1, 1, 1, 1};
    begins[model.timeAxis()] = begin;
    ends[model.timeAxis()] = end;
    strides[model.timeAxis()] = stride;
    return append(
        45,
        32,
        b -> {
          b.startTable(6);
          return b.endTable();
        },
        like(from, Math.ceilDiv(end - begin, stride), from.width(), from.channels()),
        from.tensor(),
        model.file().bias("", begins),
        model.file().bias("", ends),
        model.file().bias("", strides));
  }

  /** PAD along time, or one more channel before the others. */
  TimeModel pad(int beforeRows, int afterRows, int beforeChannels) {
    TimeModel.Layer from = model.last();
    int[] paddings = new int[8];
    paddings[2 * model.timeAxis()] = beforeRows;
    paddings[2 * model.timeAxis() + 1] = afterRows;
    paddings[6] = beforeChannels;
    return append(
        34,
        NO_OPTIONS,
        b -> 0,
        like(
            from,
            from.rows() + beforeRows + afterRows,
            from.width(),
            from.channels() + beforeChannels),
        from.tensor(),
        model
            .file()
            .tensor("", 2, new int[] {4, 2}, new float[0], new long[0], 0, littleEndian(paddings)));
  }

  private static byte[] littleEndian(int[] values) {
    byte[] bytes = new byte[4 * values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[4 * i] = (byte) values[i];
    }
    return bytes;
  }

  /** MEAN over time or over the channels. */
  TimeModel mean(boolean overTime) {
    TimeModel.Layer from = model.last();
    return append(
        40,
        27,
        b -> {
          b.startTable(1);
          b.addByte(0, (byte) 1, 0);
          return b.endTable();
        },
        overTime
            ? like(from, 1, from.width(), from.channels())
            : like(from, from.rows(), from.width(), 1),
        from.tensor(),
        model.file().bias("", overTime ? model.timeAxis() : 3));
  }

  /** CONCATENATION of the last tensor with itself, along time or along the channels. */
  TimeModel twice(boolean alongTime) {
    TimeModel.Layer from = model.last();
    return append(
        2,
        10,
        b -> {
          b.startTable(2);
          b.addInt(0, alongTime ? model.timeAxis() : 3, 0);
          return b.endTable();
        },
        alongTime
            ? like(from, 2 * from.rows(), from.width(), from.channels())
            : like(from, from.rows(), from.width(), 2 * from.channels()),
        from.tensor(),
        from.tensor());
  }

  /** MUL or ADD with a constant: one value for each channel, or others for each row in time. */
  TimeModel withConstant(boolean product, boolean changesWithTime) {
    TimeModel.Layer from = model.last();
    int[] shape = {from.channels()};
    if (changesWithTime) {
      shape = new int[] {1, 1, 1, from.channels()};
      shape[model.timeAxis()] = from.rows();
    }
    int elements = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    int constant =
        model.file().weights("", model.constant(elements), 0, new float[] {0.02f}, shape);
    TimeModel.Layer to =
        model.activation(from.rows(), from.width(), from.channels(), from.scale() + 0.01f, 4);
    int code = product ? 18 : 0;
    return append(
        code,
        product ? 21 : 11,
        b -> {
          b.startTable(1);
          return b.endTable();
        },
        to,
        constant,
        from.tensor());
  }

  /** A residual around a convolution that loses rows: the input's are cut off on both sides. */
  TimeModel croppedResidual(int taps, int cutBefore) {
    TimeModel.Layer from = model.last();
    TimeModel.Layer convolved = model.conv(TimeModel.valid(taps), from.channels()).last();
    model.from(from);
    crop(cutBefore, cutBefore + convolved.rows(), 1);
    return model.add(convolved);
  }
}
