package dev.earshot.ndp.fuzz;

import dev.earshot.ndp.fuzz.Site.Kind;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** One way to spoil a file. */
enum Mutation {
  /** A number becomes a telling one. */
  NUMBER {
    @Override
    byte[] apply(byte[] file, List<Site> sites, SplittableRandom random) {
      Site site = any(sites, random);
      ByteBuffer bytes = bytes(file);
      switch (site.kind()) {
        case INT8 -> file[site.position()] = (byte) random.nextInt(256);
        case VTABLE_ENTRY -> bytes.putShort(site.position(), (short) word(random));
        case FLOAT32 -> bytes.putFloat(site.position(), SCALES[random.nextInt(SCALES.length)]);
        case INT64 ->
            bytes.putLong(site.position(), random.nextBoolean() ? word(random) : random.nextLong());
        case OFFSET, VTABLE_OFFSET, LENGTH, INT32 -> bytes.putInt(site.position(), word(random));
      }
      return file;
    }
  },
  /** A number changes a little: the next index, one element more, another axis. */
  NUDGE {
    @Override
    byte[] apply(byte[] file, List<Site> sites, SplittableRandom random) {
      Site site = any(sites, random);
      int by = random.nextInt(1, 4) * (random.nextBoolean() ? 1 : -1);
      ByteBuffer bytes = bytes(file);
      if (site.kind() == Kind.FLOAT32) {
        float value = bytes.getFloat(site.position());
        bytes.putFloat(site.position(), value * (random.nextBoolean() ? 1e-4f : 1e4f));
      } else if (site.kind().bytes() < 4) {
        file[site.position()] += (byte) by;
      } else {
        bytes.putInt(site.position(), bytes.getInt(site.position()) + by);
      }
      return file;
    }
  },
  /** A value is taken from another place where the same kind of value stands. */
  SWAP {
    @Override
    byte[] apply(byte[] file, List<Site> sites, SplittableRandom random) {
      Site to = any(sites, random);
      List<Site> alike = sites.stream().filter(site -> site.kind() == to.kind()).toList();
      Site from = any(alike, random);
      System.arraycopy(
          file.clone(), from.position(), file, to.position(), Math.min(4, to.kind().bytes()));
      return file;
    }
  },
  /** A reference leads to where another leads: shared tables, cycles, one thing read as another. */
  ALIAS {
    @Override
    byte[] apply(byte[] file, List<Site> sites, SplittableRandom random) {
      List<Site> offsets = sites.stream().filter(site -> site.kind() == Kind.OFFSET).toList();
      if (offsets.isEmpty()) {
        return file;
      }
      Site from = any(offsets, random);
      Site to = any(offsets, random);
      ByteBuffer bytes = bytes(file);
      int target = to.position() + bytes.getInt(to.position());
      bytes.putInt(from.position(), target - from.position());
      return file;
    }
  },
  /** A table has the fields of another, or of no table at all. */
  VTABLE {
    @Override
    byte[] apply(byte[] file, List<Site> sites, SplittableRandom random) {
      List<Site> tables = sites.stream().filter(site -> site.kind() == Kind.VTABLE_OFFSET).toList();
      if (tables.isEmpty()) {
        return file;
      }
      Site table = any(tables, random);
      Site other = any(tables, random);
      ByteBuffer bytes = bytes(file);
      int vtable =
          random.nextInt(4) == 0
              ? random.nextInt(file.length)
              : other.position() - bytes.getInt(other.position());
      bytes.putInt(table.position(), table.position() - vtable);
      return file;
    }
  },
  TRUNCATED {
    @Override
    byte[] apply(byte[] file, List<Site> sites, SplittableRandom random) {
      return Arrays.copyOf(file, random.nextInt(file.length));
    }
  },
  BITS {
    @Override
    byte[] apply(byte[] file, List<Site> sites, SplittableRandom random) {
      for (int flips = random.nextInt(1, 5); flips > 0; flips--) {
        file[random.nextInt(file.length)] ^= (byte) (1 << random.nextInt(8));
      }
      return file;
    }
  };

  private static final int[] TELLING = {
    0,
    1,
    2,
    3,
    4,
    8,
    127,
    128,
    255,
    256,
    1023,
    1024,
    1025,
    4095,
    4096,
    32767,
    65535,
    65536,
    1 << 20,
    1 << 24,
    (1 << 24) + 1,
    1 << 28,
    1 << 30,
    Integer.MAX_VALUE,
    Integer.MAX_VALUE - 1
  };

  private static final float[] SCALES = {
    0,
    -0f,
    1,
    -1,
    1e-3f,
    255,
    256,
    1e-9f,
    1e9f,
    1e-30f,
    1e30f,
    Float.MIN_VALUE,
    Float.MIN_NORMAL,
    Float.MAX_VALUE,
    Float.NaN,
    Float.POSITIVE_INFINITY,
    Float.NEGATIVE_INFINITY,
    1 / 256f
  };

  /** Changes the bytes it is given, or returns others. The sites are those of the whole file. */
  abstract byte[] apply(byte[] file, List<Site> sites, SplittableRandom random);

  private static int word(SplittableRandom random) {
    int word = TELLING[random.nextInt(TELLING.length)];
    return random.nextInt(4) == 0 ? -word : word;
  }

  private static Site any(List<Site> sites, SplittableRandom random) {
    return sites.get(random.nextInt(sites.size()));
  }

  private static ByteBuffer bytes(byte[] file) {
    return ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
  }
}
