package dev.earshot.ndp.machine;

import java.io.ByteArrayOutputStream;

/**
 * Writes x86-64 instructions: the few that kernels need, vectors always 512 bits wide (EVEX). A
 * method has the name of its instruction in Intel's Software Developer's Manual, volume 2, and its
 * operands in the manual's order, destination first.
 */
final class Assembler {
  // General registers by their number.
  static final int RAX = 0;
  static final int RCX = 1;
  static final int RDX = 2;
  static final int RBX = 3;
  static final int RBP = 5;
  static final int RSI = 6;
  static final int RDI = 7;
  static final int R8 = 8;
  static final int R9 = 9;
  static final int R10 = 10;
  static final int R11 = 11;
  static final int R12 = 12;
  static final int R13 = 13;
  static final int R14 = 14;
  static final int R15 = 15;

  /** No mask: every lane is written. */
  static final int ALL = 0;

  // How an opcode is prefixed (pp) and in which map it is (mmm), as EVEX encodes both.
  private static final int NONE = 0;
  private static final int P66 = 1;
  private static final int PF3 = 2;
  private static final int M0F = 1;
  private static final int M0F38 = 2;
  private static final int M0F3A = 3;

  /** What an instruction reads or writes besides registers named by number. */
  sealed interface Operand {}

  /** Vector register 0 to 31. */
  record Vector(int number) implements Operand {}

  /**
   * Memory at a general register plus a displacement in bytes.
   *
   * @param broadcast whether one element is read for all lanes
   */
  record Memory(int base, int displacement, boolean broadcast) implements Operand {}

  private final ByteArrayOutputStream code = new ByteArrayOutputStream();

  static Operand zmm(int number) {
    return new Vector(number);
  }

  static Memory at(int base, int displacement) {
    return new Memory(base, displacement, false);
  }

  static Memory toAll(int base, int displacement) {
    return new Memory(base, displacement, true);
  }

  /** Where the next instruction goes. */
  int here() {
    return code.size();
  }

  byte[] bytes() {
    return code.toByteArray();
  }

  // General registers

  void mov(int destination, int source) {
    rex(source, destination);
    code.write(0x89);
    code.write(0xC0 | (source & 7) << 3 | destination & 7);
  }

  void mov32(int destination, long unsigned) {
    if (destination >= 8) {
      code.write(0x41);
    }
    code.write(0xB8 | destination & 7);
    int32((int) unsigned);
  }

  void lea(int destination, Memory source) {
    rex(destination, source.base());
    code.write(0x8D);
    memory(destination, source, 1);
  }

  void add(int destination, int value) {
    if (value != 0) {
      rex(0, destination);
      code.write(0x81);
      code.write(0xC0 | destination & 7);
      int32(value);
    }
  }

  void dec(int register) {
    rex(0, register);
    code.write(0xFF);
    code.write(0xC8 | register & 7);
  }

  /** Jumps back when the last {@link #dec} did not reach zero. */
  void jnz(int target) {
    code.write(0x0F);
    code.write(0x85);
    int32(target - (here() + 4));
  }

  void call(int target) {
    code.write(0xE8);
    int32(target - (here() + 4));
  }

  void push(int register) {
    if (register >= 8) {
      code.write(0x41);
    }
    code.write(0x50 | register & 7);
  }

  void pop(int register) {
    if (register >= 8) {
      code.write(0x41);
    }
    code.write(0x58 | register & 7);
  }

  void ret() {
    code.write(0xC3);
  }

  void vzeroupper() {
    code.write(0xC5);
    code.write(0xF8);
    code.write(0x77);
  }

  /** A mask register from a general one below R8. */
  void kmovw(int mask, int source) {
    code.write(0xC5);
    code.write(0xF8);
    code.write(0x92);
    code.write(0xC0 | mask << 3 | source);
  }

  // Moves and conversions

  void vmovdqu32(int destination, Memory source) {
    evex(PF3, M0F, 0, 0x6F, destination, 0, source, ALL, 64);
  }

  void vmovdqa32(int destination, int source, int mask) {
    evex(P66, M0F, 0, 0x6F, destination, 0, zmm(source), mask, 64);
  }

  void vpbroadcastd(int destination, Memory source) {
    evex(P66, M0F38, 0, 0x58, destination, 0, source, ALL, 4);
  }

  void vpmovzxbd(int destination, Memory source) {
    evex(P66, M0F38, 0, 0x31, destination, 0, source, ALL, 16);
  }

  void vpmovdb(Memory destination, int source, int mask) {
    evex(PF3, M0F38, 0, 0x31, source, 0, destination, mask, 16);
  }

  /** Of the lower eight lanes. */
  void vcvtdq2pd(int destination, int source) {
    evex(PF3, M0F, 0, 0xE6, destination, 0, zmm(source), ALL, 32);
  }

  void vcvttpd2dq(int destination, int source) {
    evex(P66, M0F, 1, 0xE6, destination, 0, zmm(source), ALL, 64);
  }

  void vcvtdq2ps(int destination, int source) {
    evex(NONE, M0F, 0, 0x5B, destination, 0, zmm(source), ALL, 64);
  }

  void vcvttps2dq(int destination, int source) {
    evex(PF3, M0F, 0, 0x5B, destination, 0, zmm(source), ALL, 64);
  }

  /** The upper eight lanes become the lower ones. */
  void vextracti64x4(int destination, int source) {
    evex(P66, M0F3A, 1, 0x3B, source, 0, zmm(destination), ALL, 32);
    code.write(1);
  }

  /** The lower eight lanes of the second source become the upper ones. */
  void vinserti64x4(int destination, int first, int second) {
    evex(P66, M0F3A, 1, 0x3A, destination, first, zmm(second), ALL, 32);
    code.write(1);
  }

  // Integers

  /** Adds the products of four unsigned bytes of the first and four signed ones of the second. */
  void vpdpbusd(int destination, int first, Operand second) {
    evex(P66, M0F38, 0, 0x50, destination, first, second, ALL, 64);
  }

  void vpaddd(int destination, int first, Operand second) {
    evex(P66, M0F, 0, 0xFE, destination, first, second, ALL, 64);
  }

  void vpsubd(int destination, int first, Operand second) {
    evex(P66, M0F, 0, 0xFA, destination, first, second, ALL, 64);
  }

  void vpaddq(int destination, int first, Operand second) {
    evex(P66, M0F, 1, 0xD4, destination, first, second, ALL, 64);
  }

  /** 64-bit products of the lanes with even numbers. */
  void vpmuldq(int destination, int first, Operand second) {
    evex(P66, M0F38, 1, 0x28, destination, first, second, ALL, 64);
  }

  void vpmaxsd(int destination, int first, Operand second) {
    evex(P66, M0F38, 0, 0x3D, destination, first, second, ALL, 64);
  }

  void vpminsd(int destination, int first, Operand second) {
    evex(P66, M0F38, 0, 0x39, destination, first, second, ALL, 64);
  }

  void vpandd(int destination, int first, Operand second) {
    evex(P66, M0F, 0, 0xDB, destination, first, second, ALL, 64);
  }

  void vpxord(int destination, int first, Operand second) {
    evex(P66, M0F, 0, 0xEF, destination, first, second, ALL, 64);
  }

  void vpord(int destination, int first, Operand second) {
    evex(P66, M0F, 0, 0xEB, destination, first, second, ALL, 64);
  }

  void vpslld(int destination, int source, int bits) {
    evex(P66, M0F, 0, 0x72, 6, destination, zmm(source), ALL, 64);
    code.write(bits);
  }

  void vpsrad(int destination, int source, int bits) {
    evex(P66, M0F, 0, 0x72, 4, destination, zmm(source), ALL, 64);
    code.write(bits);
  }

  void vpsrlq(int destination, int source, int bits) {
    evex(P66, M0F, 1, 0x73, 2, destination, zmm(source), ALL, 64);
    code.write(bits);
  }

  void vpsllvd(int destination, int first, Operand bits) {
    evex(P66, M0F38, 0, 0x47, destination, first, bits, ALL, 64);
  }

  void vpsravd(int destination, int first, Operand bits) {
    evex(P66, M0F38, 0, 0x46, destination, first, bits, ALL, 64);
  }

  // Floating point

  void vmulpd(int destination, int first, Operand second) {
    evex(P66, M0F, 1, 0x59, destination, first, second, ALL, 64);
  }

  void vaddpd(int destination, int first, Operand second) {
    evex(P66, M0F, 1, 0x58, destination, first, second, ALL, 64);
  }

  void vsubpd(int destination, int first, Operand second) {
    evex(P66, M0F, 1, 0x5C, destination, first, second, ALL, 64);
  }

  void vmaxpd(int destination, int first, Operand second) {
    evex(P66, M0F, 1, 0x5F, destination, first, second, ALL, 64);
  }

  void vminpd(int destination, int first, Operand second) {
    evex(P66, M0F, 1, 0x5D, destination, first, second, ALL, 64);
  }

  /** Rounds towards zero. */
  void vrndscalepd(int destination, int source) {
    evex(P66, M0F3A, 1, 0x09, destination, 0, zmm(source), ALL, 64);
    code.write(0x0B);
  }

  void vdivps(int destination, int first, Operand second) {
    evex(NONE, M0F, 0, 0x5E, destination, first, second, ALL, 64);
  }

  // Encoding

  /**
   * An instruction on whole vectors.
   *
   * @param bytes what a memory operand spans when it is not broadcast: the unit of a displacement
   *     of one byte
   */
  private void evex(
      int prefix,
      int map,
      int wide,
      int opcode,
      int register,
      int first,
      Operand second,
      int mask,
      int bytes) {
    int base =
        switch (second) {
          case Vector vector -> vector.number();
          case Memory memory -> memory.base();
        };
    int index = second instanceof Vector ? base >> 4 : 0;
    boolean broadcast = second instanceof Memory memory && memory.broadcast();
    code.write(0x62);
    code.write(
        not(register >> 3) << 7
            | not(index) << 6
            | not(base >> 3) << 5
            | not(register >> 4) << 4
            | map);
    code.write(wide << 7 | (~first & 15) << 3 | 1 << 2 | prefix);
    code.write(2 << 5 | (broadcast ? 1 << 4 : 0) | not(first >> 4) << 3 | mask);
    code.write(opcode);
    switch (second) {
      case Vector vector -> code.write(0xC0 | (register & 7) << 3 | vector.number() & 7);
      case Memory memory -> memory(register, memory, broadcast ? 4 << wide : bytes);
    }
  }

  private static int not(int bit) {
    return ~bit & 1;
  }

  private void rex(int register, int base) {
    code.write(0x48 | register >> 3 << 2 | base >> 3);
  }

  private void memory(int register, Memory memory, int unit) {
    int displacement = memory.displacement();
    boolean isShort =
        displacement % unit == 0
            && displacement / unit >= Byte.MIN_VALUE
            && displacement / unit <= Byte.MAX_VALUE;
    code.write((isShort ? 0x40 : 0x80) | (register & 7) << 3 | memory.base() & 7);
    if ((memory.base() & 7) == 4) {
      code.write(0x24);
    }
    if (isShort) {
      code.write(displacement / unit);
    } else {
      int32(displacement);
    }
  }

  private void int32(int value) {
    for (int shift = 0; shift < 32; shift += 8) {
      code.write(value >> shift);
    }
  }
}
