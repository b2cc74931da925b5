package dev.earshot.ndp.streaming;

import dev.earshot.ndp.graph.Operator;
import dev.earshot.ndp.graph.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A part of a model that commutes with a shift in time: operators, and branches between them, that
 * read one tensor of the model and give one.
 *
 * <p>Operators that join branches need as many rows from each, and row j of the output comes from
 * row j of each, whatever those rows were computed from. So with T rows of a tensor and t of the
 * section's output in a full window, the newest row of the output needs the newest {@code T - t +
 * 1} rows of that tensor, on whichever path.
 */
final class Section {
  private final List<Operator> operators;
  private final Map<Integer, Integer> rowsOfTensor;
  private final int outputRows;

  private Section(List<Operator> operators, Map<Integer, Integer> rowsOfTensor) {
    this.operators = operators;
    this.rowsOfTensor = rowsOfTensor;
    this.outputRows = rows(operators.getLast().output());
  }

  /**
   * The operators as a section whose input has so many rows.
   *
   * @return null when one of them does not commute
   */
  static @Nullable Section of(Tensor input, int rows, List<Operator> operators) {
    Map<Integer, Integer> rowsOfTensor = new HashMap<>(Map.of(input.index(), rows));
    for (Operator operator : operators) {
      List<Integer> inputs =
          operator.activations().stream()
              .map(activation -> rowsOfTensor.getOrDefault(activation.index(), 0))
              .distinct()
              .toList();
      int outputRows = inputs.size() == 1 ? TimeShift.outputRows(operator, inputs.getFirst()) : 0;
      if (outputRows == 0) {
        return null;
      }
      rowsOfTensor.put(operator.output().index(), outputRows);
    }
    return new Section(operators, rowsOfTensor);
  }

  private int rows(Tensor tensor) {
    return Objects.requireNonNull(rowsOfTensor.get(tensor.index()), tensor::label);
  }

  /** Rows of its output in a full window. */
  int outputRows() {
    return outputRows;
  }

  /** The tensor with just the rows that one row of the section's output needs. */
  Tensor narrowed(Tensor tensor) {
    if (tensor.isConstant()) {
      return tensor;
    }
    int rows = rows(tensor);
    return Narrowing.withRows(tensor, rows, rows - outputRows + 1);
  }

  /** The operators, narrowed to one row of output. */
  List<Operator> narrowed() {
    return operators.stream().map(each -> Narrowing.over(each, this::narrowed)).toList();
  }
}
