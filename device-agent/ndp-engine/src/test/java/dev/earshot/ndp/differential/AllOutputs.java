package dev.earshot.ndp.differential;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Makes what every operator computes an output of the model, in the order of the operators: a
 * softmax at the end hides most differences. The file is taken to be valid.
 */
final class AllOutputs {
  private static final int SUBGRAPHS = 2;
  private static final int GRAPH_OUTPUTS = 2;
  private static final int GRAPH_OPERATORS = 3;
  private static final int OPERATOR_OUTPUTS = 2;

  private final ByteBuffer file;

  private AllOutputs(byte[] file) {
    this.file = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** A copy of the file whose list of outputs is a new one, put behind all else. */
  static byte[] of(byte[] model) {
    AllOutputs reader = new AllOutputs(model);
    int graph = reader.pointed(reader.field(reader.pointed(0), SUBGRAPHS));
    graph = reader.pointed(graph + Integer.BYTES);
    int list = reader.field(graph, GRAPH_OUTPUTS);
    List<Integer> tensors = reader.operatorOutputs(graph);
    int end = (model.length + 3) & -4;
    ByteBuffer changed =
        ByteBuffer.wrap(Arrays.copyOf(model, end + Integer.BYTES * (1 + tensors.size())))
            .order(ByteOrder.LITTLE_ENDIAN);
    changed.putInt(list, end - list);
    changed.putInt(end, tensors.size());
    for (int i = 0; i < tensors.size(); i++) {
      changed.putInt(end + Integer.BYTES * (1 + i), tensors.get(i));
    }
    return changed.array();
  }

  private List<Integer> operatorOutputs(int graph) {
    int operators = pointed(field(graph, GRAPH_OPERATORS));
    List<Integer> tensors = new ArrayList<>();
    for (int i = 1; i <= file.getInt(operators); i++) {
      int operator = pointed(operators + Integer.BYTES * i);
      int outputs = pointed(field(operator, OPERATOR_OUTPUTS));
      tensors.add(file.getInt(outputs + Integer.BYTES));
    }
    return tensors;
  }

  /** Where the offset at a place leads. */
  private int pointed(int at) {
    return at + file.getInt(at);
  }

  /** Where a table has a field. */
  private int field(int table, int number) {
    int layout = table - file.getInt(table);
    return table + file.getShort(layout + Short.BYTES * (2 + number));
  }
}
