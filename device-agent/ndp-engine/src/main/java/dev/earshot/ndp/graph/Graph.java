package dev.earshot.ndp.graph;

import java.util.List;

/**
 * A model as a list of steps in the order of execution: every activation is written before it is
 * read. One input, one output.
 *
 * @param description as in the file; may be empty
 * @param tensorCount tensors of the file; every {@link Tensor#index} is below it
 * @param operators the steps, in order
 * @param input what the caller provides: int8, quantized per tensor
 * @param output what the caller gets: int8, quantized per tensor
 */
public record Graph(
    String description, int tensorCount, List<Operator> operators, Tensor input, Tensor output) {
  public Graph {
    operators = List.copyOf(operators);
  }
}
