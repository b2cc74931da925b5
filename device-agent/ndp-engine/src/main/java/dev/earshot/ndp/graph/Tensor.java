package dev.earshot.ndp.graph;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * One tensor of a model: an activation that an operator computes, or a constant from the file.
 *
 * @param index position in the file's list of tensors, which error messages refer to
 * @param name as in the file; may be empty
 * @param type what its elements are
 * @param shape its dimensions
 * @param quantization absent for tensors that are not quantized, such as a reshape's target
 * @param constant the constant's bytes, little-endian; absent for activations
 */
public record Tensor(
    int index,
    String name,
    ElementType type,
    Shape shape,
    @Nullable Quantization quantization,
    @Nullable ByteBuffer constant) {

  public Tensor {
    if (constant != null) {
      constant = constant.asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }
  }

  public boolean isConstant() {
    return constant != null;
  }

  /** Size of its elements in bytes; two int4 elements share one. */
  public long bytes() {
    return type.bytes(shape.elements());
  }

  /**
   * The quantization of a tensor that an operator computes with; the reader checked it is there.
   */
  public Quantization requireQuantization() {
    if (quantization == null) {
      throw new IllegalStateException(label() + " is not quantized");
    }
    return quantization;
  }

  /** The bytes of a constant that an operator reads; the reader checked that they are there. */
  public ByteBuffer requireConstant() {
    if (constant == null) {
      throw new IllegalStateException(label() + " is not a constant");
    }
    return constant.duplicate().order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * The elements of constant weights, one int8 value each, in the order of the flattened tensor
   * (row-major). This is where int4 weights are unpacked, so that no kernel has to know of them:
   * the low nibble of a byte is the element of lower index, and both nibbles carry a sign.
   *
   * @return a copy, to be read once when a model is loaded
   */
  public byte[] weightValues() {
    ByteBuffer bytes = requireConstant();
    byte[] values = new byte[shape.elements()];
    switch (type) {
      case INT8 -> bytes.get(0, values);
      case INT4 -> {
        for (int i = 0; i < values.length; i++) {
          int pair = bytes.get(i / 2);
          // The nibble to the top of the int and back down, which copies its sign.
          values[i] = (byte) ((i % 2 == 0 ? pair << 28 : pair << 24) >> 28);
        }
      }
      case INT32, FLOAT32, OTHER -> throw new IllegalStateException(label() + " is of " + type);
    }
    return values;
  }

  /** The elements of a constant int32 tensor, such as a bias; a copy. */
  public int[] int32Values() {
    int[] values = new int[shape.elements()];
    requireConstant().asIntBuffer().get(values);
    return values;
  }

  /** The biases of an operator: zeros where it has none. */
  public static int[] biases(@Nullable Tensor bias, int outputs) {
    return bias == null ? new int[outputs] : bias.int32Values();
  }

  /** How messages call it, for example {@code tensor 12 'conv/weights'}. */
  public String label() {
    return name.isEmpty() ? "tensor " + index : "tensor " + index + " '" + name + "'";
  }
}
