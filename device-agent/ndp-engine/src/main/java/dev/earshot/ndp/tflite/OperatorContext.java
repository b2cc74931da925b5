package dev.earshot.ndp.tflite;

import dev.earshot.ndp.graph.ModelFormatException;
import dev.earshot.ndp.graph.Tensor;
import java.util.List;

/**
 * What there is to read an operator from.
 *
 * @param table the operator in the file
 * @param kind which operator it is
 * @param where how messages call it, for example {@code operator 3 (CONV_2D)}
 * @param operands its tensors
 * @param limits what the model has asked for so far
 */
record OperatorContext(
    FlatTable table, BuiltinOperator kind, String where, Operands operands, Limits limits) {

  static OperatorContext of(
      FlatTable table, List<FlatTable> codes, List<Tensor> tensors, Limits limits)
      throws ModelFormatException {
    long index = Integer.toUnsignedLong(table.int32(0, "operator code", 0));
    if (index >= codes.size()) {
      throw table.error("operator code " + index + " (expected: below " + codes.size() + ")");
    }
    FlatTable entry = codes.get((int) index);
    // Old writers fill only the first field, which has no room for codes above 127.
    int code = Math.max(entry.int8(0, "deprecated code", 0), entry.int32(3, "code", 0));
    BuiltinOperator kind = BuiltinOperator.of(code);
    if (kind == null) {
      String name =
          code == BuiltinOperator.CUSTOM
              ? "CUSTOM '" + entry.string(1, "custom code") + "'"
              : BuiltinOperator.name(code);
      throw new ModelFormatException(
          "%s (%s): not supported (expected one of %s)"
              .formatted(table.where(), name, BuiltinOperator.supported()));
    }
    String where = table.where() + " (" + kind + ")";
    return new OperatorContext(table, kind, where, new Operands(table, tensors, where), limits);
  }

  /** The options of the operator, which must be of the given member of the format's union. */
  Options options(int type) throws ModelFormatException {
    return Options.of(table, type, where);
  }

  ModelFormatException error(String message) {
    return new ModelFormatException(where + ": " + message);
  }
}
