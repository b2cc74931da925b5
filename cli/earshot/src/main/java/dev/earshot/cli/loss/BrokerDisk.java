package dev.earshot.cli.loss;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Where the broker keeps its data, and how that becomes full. */
interface BrokerDisk extends AutoCloseable {
  /** The data folder, as the broker sees it. */
  Path folder();

  /** Words that start a command so that it sees the folder. */
  List<String> prefix();

  /** No byte more can be written by the broker. */
  void fill(Child broker) throws IOException, InterruptedException;

  /** There is room again, at the latest for a broker that starts now. */
  void free(Child broker) throws IOException, InterruptedException;

  /** Which way this is, for the report. */
  String what();

  @Override
  void close();

  /**
   * The truest that this machine has for an ordinary user.
   *
   * @param bytes that it must have room for
   */
  static BrokerDisk open(Path folder, long bytes) throws IOException, InterruptedException {
    return MountedDisk.canMount() ? new MountedDisk(folder, bytes) : new LimitedDisk(folder);
  }
}
