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

  /** Size of its elements in bytes. */
  public long bytes() {
    return (long) shape.elements() * type.bytes();
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

  /** How messages call it, for example {@code tensor 12 'conv/weights'}. */
  public String label() {
    return name.isEmpty() ? "tensor " + index : "tensor " + index + " '" + name + "'";
  }
}
