package dev.earshot.ndp.tflite;

import dev.earshot.ndp.graph.ModelFormatException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One table of a FlatBuffer file, read without trust: every access is checked against the file's
 * end first, so that a hostile offset or length ends in a {@link ModelFormatException} that says
 * where it was, and never in an index error or a large allocation.
 *
 * <p>Layout (FlatBuffers internals): a table starts with a signed 32-bit distance back to its
 * vtable; the vtable is a list of 16-bit values: its own size, the table's size, then for each
 * field its offset in the table, 0 for absent. Vectors and tables are reached by unsigned 32-bit
 * offsets from where the offset is stored. Everything is little-endian.
 */
final class FlatTable {
  private static final int VTABLE_HEADER_BYTES = 4;
  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

  private final ByteBuffer file;
  private final int position;
  private final int vtable;
  private final int vtableBytes;
  private final String where;

  private FlatTable(ByteBuffer file, long position, String where) throws ModelFormatException {
    this.file = file;
    this.where = where;
    this.position = checked(position, 4, "table");
    this.vtable = checked(position - file.getInt(this.position), VTABLE_HEADER_BYTES, "vtable");
    this.vtableBytes = Short.toUnsignedInt(file.getShort(vtable));
    checked(vtable, Math.max(vtableBytes, VTABLE_HEADER_BYTES), "vtable");
  }

  /** The root table of a file, whose position is the file's first word. */
  static FlatTable root(ByteBuffer file, String where) throws ModelFormatException {
    ByteBuffer ordered = file.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    if (ordered.limit() < 8) {
      throw new ModelFormatException(
          where + ": " + ordered.limit() + " bytes (expected: a file of at least 8)");
    }
    return new FlatTable(ordered, Integer.toUnsignedLong(ordered.getInt(0)), where);
  }

  /** What messages call this table. */
  String where() {
    return where;
  }

  ModelFormatException error(String message) {
    return new ModelFormatException(where + ": " + message);
  }

  int int32(int field, String name, int absent) throws ModelFormatException {
    int at = locate(field, 4, name);
    return at == 0 ? absent : file.getInt(at);
  }

  int int8(int field, String name, int absent) throws ModelFormatException {
    int at = locate(field, 1, name);
    return at == 0 ? absent : file.get(at);
  }

  long int64(int field, String name, long absent) throws ModelFormatException {
    int at = locate(field, 8, name);
    return at == 0 ? absent : file.getLong(at);
  }

  float float32(int field, String name, float absent) throws ModelFormatException {
    int at = locate(field, 4, name);
    return at == 0 ? absent : file.getFloat(at);
  }

  /**
   * A text for people; of a long one the beginning, since many fields may share it. Control
   * characters, which would garble a message or a log, are shown as question marks.
   */
  String string(int field, String name) throws ModelFormatException {
    ByteBuffer bytes = bytes(field, name);
    if (bytes == null) {
      return "";
    }
    bytes.limit(Math.min(bytes.limit(), Limits.NAME_BYTES));
    return CONTROL.matcher(StandardCharsets.UTF_8.decode(bytes)).replaceAll("?");
  }

  @Nullable FlatTable table(int field, String name, String tableWhere) throws ModelFormatException {
    int at = locate(field, 4, name);
    return at == 0 ? null : new FlatTable(file, follow(at), tableWhere);
  }

  /** A vector of bytes as a view of the file; null when absent. */
  @Nullable ByteBuffer bytes(int field, String name) throws ModelFormatException {
    int at = vector(field, 1, name);
    return at == 0 ? null : file.slice(at + 4, file.getInt(at)).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** A vector of int32; empty when absent. */
  List<Integer> int32s(int field, String name, int limit) throws ModelFormatException {
    int at = vector(field, 4, name);
    int length = length(at, name, limit);
    List<Integer> values = new ArrayList<>(length);
    for (int i = 0; i < length; i++) {
      values.add(file.getInt(at + 4 + 4 * i));
    }
    return values;
  }

  List<Long> int64s(int field, String name, int limit) throws ModelFormatException {
    int at = vector(field, 8, name);
    int length = length(at, name, limit);
    List<Long> values = new ArrayList<>(length);
    for (int i = 0; i < length; i++) {
      values.add(file.getLong(at + 4 + 8 * i));
    }
    return values;
  }

  List<Float> float32s(int field, String name, int limit) throws ModelFormatException {
    int at = vector(field, 4, name);
    int length = length(at, name, limit);
    List<Float> values = new ArrayList<>(length);
    for (int i = 0; i < length; i++) {
      values.add(file.getFloat(at + 4 + 4 * i));
    }
    return values;
  }

  /** A vector of tables, each named after {@code each} and its index; empty when absent. */
  List<FlatTable> tables(int field, String name, String each, int limit)
      throws ModelFormatException {
    int at = vector(field, 4, name);
    int length = length(at, name, limit);
    List<FlatTable> tables = new ArrayList<>(length);
    for (int i = 0; i < length; i++) {
      tables.add(new FlatTable(file, follow(at + 4 + 4 * i), each + " " + i));
    }
    return tables;
  }

  private int length(int vector, String name, int limit) throws ModelFormatException {
    int length = vector == 0 ? 0 : file.getInt(vector);
    if (length > limit) {
      throw error(name + ": " + length + " entries (expected: at most " + limit + ")");
    }
    return length;
  }

  /** Position of a field's value, 0 when the field is absent. */
  private int locate(int field, int bytes, String name) throws ModelFormatException {
    int slot = VTABLE_HEADER_BYTES + 2 * field;
    if (slot + 2 > vtableBytes) {
      return 0;
    }
    int offset = Short.toUnsignedInt(file.getShort(vtable + slot));
    return offset == 0 ? 0 : checked((long) position + offset, bytes, name);
  }

  /** Position of a vector's length word, 0 when absent; the whole vector lies in the file. */
  private int vector(int field, int elementBytes, String name) throws ModelFormatException {
    int at = locate(field, 4, name);
    if (at == 0) {
      return 0;
    }
    int start = checked(follow(at), 4, name);
    long bytes = Integer.toUnsignedLong(file.getInt(start)) * elementBytes;
    checked(start + 4L, bytes, name);
    return start;
  }

  private long follow(int at) {
    return at + Integer.toUnsignedLong(file.getInt(at));
  }

  private int checked(long start, long bytes, String name) throws ModelFormatException {
    if (start < 0 || start + bytes > file.limit()) {
      throw error(
          "%s: bytes %d to %d lie outside the file of %d bytes (truncated or damaged)"
              .formatted(name, start, start + bytes, file.limit()));
    }
    return (int) start;
  }
}
