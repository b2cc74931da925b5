package dev.earshot.ndp.machine;

import static dev.earshot.ndp.machine.Assembler.R11;
import static dev.earshot.ndp.machine.Assembler.R13;
import static dev.earshot.ndp.machine.Assembler.R8;
import static dev.earshot.ndp.machine.Assembler.RAX;
import static dev.earshot.ndp.machine.Assembler.RDI;
import static dev.earshot.ndp.machine.Assembler.RSI;
import static dev.earshot.ndp.machine.Assembler.at;
import static dev.earshot.ndp.machine.Assembler.zmm;
import static dev.earshot.ndp.machine.Constants.LANES;

import dev.earshot.ndp.plan.Plane;

/** Turns the int8 values of an image, without its border, into int8 plus 128. */
record FlipCode(Assembler assembler, Constants constants, Place place) {
  void write() {
    assembler.vmovdqu32(0, at(RSI, constants.putInts(128)));
    Plane plane = place.plane();
    int bytes = plane.width() * plane.channels();
    int tail = Rescaling.tail(assembler, bytes);
    assembler.lea(R13, at(RDI, place.start() + plane.start(0, 0)));
    Tiling.loop(
        assembler,
        R11,
        plane.height(),
        () -> {
          assembler.mov(RAX, R13);
          Tiling.vectors(assembler, R8, bytes, tail, this::flip);
          assembler.add(R13, plane.rowStride());
        });
  }

  private void flip(int mask) {
    assembler.vpmovzxbd(1, at(RAX, 0));
    assembler.vpxord(1, 1, zmm(0));
    assembler.vpmovdb(at(RAX, 0), 1, mask);
    assembler.add(RAX, LANES);
  }
}
