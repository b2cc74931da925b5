package dev.earshot.ndp.fuzz;

import dev.earshot.ndp.fuzz.Site.Kind;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds every value of a valid {@code .tflite} file by the parts of {@code schema.fbs} that the
 * engine reads. Of weights, biases and names only the first words count: one is as good as another.
 */
final class Anatomy {
  private static final int VTABLE_HEADER = 4;
  private static final int FIRST_WORDS = 8;

  /** What a field of a table holds. */
  private enum Field {
    INT8,
    INT32,
    INT64,
    INT32S,
    INT64S,
    FLOAT32S,
    BYTES,
    TABLE,
    TABLES
  }

  /** A field that leads to other tables says which. */
  private record Entry(Field field, String table) {}

  private static Entry of(Field field) {
    return new Entry(field, "");
  }

  private static final Map<String, Map<Integer, Entry>> SCHEMA =
      Map.of(
          "Model",
          Map.of(
              0, of(Field.INT32),
              1, new Entry(Field.TABLES, "OperatorCode"),
              2, new Entry(Field.TABLES, "SubGraph"),
              3, of(Field.BYTES),
              4, new Entry(Field.TABLES, "Buffer")),
          "OperatorCode",
          Map.of(0, of(Field.INT8), 1, of(Field.BYTES), 2, of(Field.INT32), 3, of(Field.INT32)),
          "SubGraph",
          Map.of(
              0,
              new Entry(Field.TABLES, "Tensor"),
              1,
              of(Field.INT32S),
              2,
              of(Field.INT32S),
              3,
              new Entry(Field.TABLES, "Operator")),
          "Tensor",
          Map.of(
              0, of(Field.INT32S),
              1, of(Field.INT8),
              2, of(Field.INT32),
              3, of(Field.BYTES),
              4, new Entry(Field.TABLE, "Quantization"),
              5, of(Field.INT8)),
          "Quantization",
          Map.of(
              2, of(Field.FLOAT32S),
              3, of(Field.INT64S),
              4, of(Field.INT8),
              6, of(Field.INT32)),
          "Operator",
          Map.of(
              0, of(Field.INT32),
              1, of(Field.INT32S),
              2, of(Field.INT32S),
              3, of(Field.INT8),
              4, new Entry(Field.TABLE, "Options")),
          "Buffer",
          Map.of(0, of(Field.BYTES), 1, of(Field.INT64), 2, of(Field.INT64)),
          // Every operator's own; most fields are numbers of four bytes, or of one at the front.
          "Options",
          Map.of(
              0, of(Field.INT32),
              1, of(Field.INT32),
              2, of(Field.INT32),
              3, of(Field.INT32),
              4, of(Field.INT32),
              5, of(Field.INT32),
              6, of(Field.INT32)));

  private final ByteBuffer file;
  private final Set<Site> sites = new LinkedHashSet<>();

  private Anatomy(byte[] file) {
    this.file = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** All values of a valid file, in the order in which its tables refer to them. */
  static List<Site> of(byte[] file) {
    Anatomy anatomy = new Anatomy(file);
    anatomy.add(0, Kind.OFFSET);
    anatomy.table(anatomy.follow(0), "Model");
    return new ArrayList<>(anatomy.sites);
  }

  private void add(int position, Kind kind) {
    if (position + kind.bytes() <= file.limit()) {
      sites.add(new Site(position, kind));
    }
  }

  private int follow(int position) {
    return position + file.getInt(position);
  }

  private void table(int position, String name) {
    add(position, Kind.VTABLE_OFFSET);
    int vtable = position - file.getInt(position);
    int bytes = Short.toUnsignedInt(file.getShort(vtable));
    for (int entry = 0; entry < bytes; entry += Short.BYTES) {
      add(vtable + entry, Kind.VTABLE_ENTRY);
    }
    for (Map.Entry<Integer, Entry> each : SCHEMA.getOrDefault(name, Map.of()).entrySet()) {
      int slot = VTABLE_HEADER + Short.BYTES * each.getKey();
      int offset = slot < bytes ? Short.toUnsignedInt(file.getShort(vtable + slot)) : 0;
      if (offset != 0) {
        field(position + offset, each.getValue());
      }
    }
  }

  private void field(int position, Entry entry) {
    switch (entry.field()) {
      case INT8 -> add(position, Kind.INT8);
      case INT32 -> add(position, Kind.INT32);
      case INT64 -> add(position, Kind.INT64);
      case INT32S -> vector(position, Kind.INT32);
      case INT64S -> vector(position, Kind.INT64);
      case FLOAT32S -> vector(position, Kind.FLOAT32);
      case BYTES -> {
        add(position, Kind.OFFSET);
        int start = follow(position);
        add(start, Kind.LENGTH);
        for (int word = 0; word < Math.min(file.getInt(start) / 4, FIRST_WORDS); word++) {
          add(start + 4 + 4 * word, Kind.INT32);
        }
      }
      case TABLE -> {
        add(position, Kind.OFFSET);
        table(follow(position), entry.table());
      }
      case TABLES -> {
        int start = vector(position, Kind.OFFSET);
        for (int i = 0; i < file.getInt(start); i++) {
          table(follow(start + 4 + 4 * i), entry.table());
        }
      }
    }
  }

  /** Position of the vector's length. */
  private int vector(int position, Kind element) {
    add(position, Kind.OFFSET);
    int start = follow(position);
    add(start, Kind.LENGTH);
    for (int i = 0; i < file.getInt(start); i++) {
      add(start + 4 + element.bytes() * i, element);
    }
    return start;
  }
}
