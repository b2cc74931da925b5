package dev.earshot.ndp.machine;

import static dev.earshot.ndp.machine.Assembler.ALL;
import static dev.earshot.ndp.machine.Assembler.R12;
import static dev.earshot.ndp.machine.Assembler.R13;
import static dev.earshot.ndp.machine.Assembler.R9;
import static dev.earshot.ndp.machine.Assembler.RAX;
import static dev.earshot.ndp.machine.Assembler.RCX;
import static dev.earshot.ndp.machine.Assembler.RDX;
import static dev.earshot.ndp.machine.Assembler.RSI;
import static dev.earshot.ndp.machine.Assembler.at;
import static dev.earshot.ndp.machine.Assembler.toAll;
import static dev.earshot.ndp.machine.Assembler.zmm;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HexFormat;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Every form of an instruction, against what the GNU assembler makes of it. */
class AssemblerTest {
  private static void assertIs(String expected, Consumer<Assembler> instruction) {
    Assembler assembler = new Assembler();
    instruction.accept(assembler);
    assertEquals(expected, HexFormat.ofDelimiter(" ").formatHex(assembler.bytes()));
  }

  @Test
  void vectorRegisters_haveFiveBits() {
    assertIs("62 c2 1d 40 50 c9", a -> a.vpdpbusd(17, 28, zmm(9)));
    assertIs("62 01 9d 40 59 e0", a -> a.vmulpd(28, 28, zmm(24)));
    assertIs("62 d1 95 40 73 d5 20", a -> a.vpsrlq(29, 13, 32));
  }

  @Test
  void displacements_areShortWhereTheyAreWholeUnits() {
    assertIs("62 f2 1d 40 50 59 02", a -> a.vpdpbusd(3, 28, at(RCX, 128)));
    assertIs("62 f2 1d 40 50 99 64 00 00 00", a -> a.vpdpbusd(3, 28, at(RCX, 100)));
    assertIs("62 42 7d 48 58 69 7f", a -> a.vpbroadcastd(29, at(R9, 508)));
    assertIs("62 42 7d 48 58 ac 24 00 02 00 00", a -> a.vpbroadcastd(29, at(R12, 512)));
    assertIs("62 61 7e 48 6f 4e 40", a -> a.vmovdqu32(25, at(RSI, 4096)));
    assertIs("62 62 15 50 39 6e 20", a -> a.vpminsd(29, 29, toAll(RSI, 128)));
  }

  @Test
  void masks_saySomeLanes() {
    assertIs("62 62 7e 49 31 6a 03", a -> a.vpmovdb(at(RDX, 48), 29, 1));
    assertIs("62 01 7d 4a 6f ec", a -> a.vmovdqa32(29, 28, 2));
    assertIs("62 01 7d 48 6f ec", a -> a.vmovdqa32(29, 28, ALL));
  }

  @Test
  void generalRegisters_haveFourBits() {
    assertIs("4c 8d a6 45 23 01 00", a -> a.lea(R12, at(RSI, 0x12345)));
    assertIs("49 89 c5", a -> a.mov(R13, RAX));
    assertIs("c5 f8 92 c8", a -> a.kmovw(1, RAX));
  }
}
