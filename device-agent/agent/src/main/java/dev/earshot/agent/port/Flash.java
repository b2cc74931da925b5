package dev.earshot.agent.port;

import dev.earshot.protocol.Digest;
import dev.earshot.protocol.v1.Slot;
import java.io.IOException;
import java.util.Optional;

/**
 * What survives a power cut: two small records (the device's state, and what it has found to be
 * true of its publishers), each written atomically, and two slots that each hold the files of one
 * release. Used by one agent at a time. Every method may fail with an {@link IOException} whose
 * message says what to do about it; a failed write may have left part of a slot's file behind,
 * never part of a record.
 */
public interface Flash {
  /** The files of a slot. */
  enum Part {
    /** The signed manifest, exactly as published. */
    MANIFEST,
    /** The self-test vectors ({@code SelfTest} message). */
    SELF_TEST,
    /** The {@code .tflite}. */
    MODEL
  }

  /**
   * The record as it was last written; empty on a new device. A damaged one is an exception, never
   * a guess.
   */
  Optional<byte[]> readRecord() throws IOException;

  /**
   * Replaces the record. When this returns, the new one is durable; when the power fails or it
   * throws, either the old or the new one is there, whole.
   */
  void writeRecord(byte[] record) throws IOException;

  /**
   * What was found to be true, as it was last written; empty before the first time. A damaged one
   * is an exception, never a guess. The result may be shared: never modify it.
   */
  Optional<byte[]> readTrust() throws IOException;

  /**
   * Replaces it, as durably as {@link #writeRecord} does; neither touches the other. The array is
   * never modified by anybody and may be kept: devices that believe the same may share it.
   */
  void writeTrust(byte[] trust) throws IOException;

  /**
   * How many bytes one slot can hold at this moment, all parts together, counting what it holds
   * already.
   */
  long slotCapacityBytes(Slot slot) throws IOException;

  /** Empties a slot. */
  void erase(Slot slot) throws IOException;

  /** Bytes of that part that are there; 0 when it is absent. */
  long length(Slot slot, Part part) throws IOException;

  /**
   * Adds bytes at the end of a part. The array is never modified by anybody and may be kept. Not
   * necessarily durable before {@link #sync}.
   */
  void append(Slot slot, Part part, byte[] bytes) throws IOException;

  /** Makes everything in the slot durable. */
  void sync(Slot slot) throws IOException;

  /**
   * The part's whole content; empty array when absent. The result may be shared: never modify it.
   */
  byte[] read(Slot slot, Part part) throws IOException;

  /** SHA-256 of what is stored now, read back from the medium. */
  Digest digest(Slot slot, Part part) throws IOException;
}
