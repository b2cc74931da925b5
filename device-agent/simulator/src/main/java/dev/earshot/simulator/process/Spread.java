package dev.earshot.simulator.process;

import dev.earshot.simulator.ProcessUse;
import dev.earshot.simulator.Shard;
import dev.earshot.simulator.device.GatewayAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * How a fleet is spread over processes.
 *
 * @param devices in all
 * @param processes how many, 1 to 100
 * @param processors of the machine
 */
public record Spread(int devices, int processes, int processors) {
  /** Most devices of one process: its sockets and downloads, and a heap that stays small. */
  private static final int MOST_DEVICES = 15_000;

  /** Files and sockets that a process needs beside its devices' connections. */
  private static final int OTHER_DESCRIPTORS = 1_000;

  private static final int BASE_HEAP_MIB = 96;

  /**
   * A ceiling, not what is used: a connected device keeps some 8 KiB, one that has been without a
   * gateway for a day also 96 heartbeats of almost 1 KiB each.
   */
  private static final int HEAP_KIB_PER_DEVICE = 96;

  private static final int MOST_PROCESSES = 100;

  public Spread {
    if (processes < 1 || processes > MOST_PROCESSES) {
      throw new IllegalArgumentException(
          "processes: " + processes + " (expected: 1 to " + MOST_PROCESSES + ")");
    }
  }

  /**
   * One worker's share.
   *
   * @param eventLoops threads for its devices
   * @param heapMib highest heap
   * @param sources loopback addresses to connect from; empty: the system chooses
   */
  public record Share(Shard shard, int eventLoops, int heapMib, List<String> sources) {}

  /** As few processes as this machine's descriptor limit allows. */
  public static Spread fewest(int devices) {
    long most = Math.min(MOST_DEVICES, ProcessUse.mostDescriptors() - OTHER_DESCRIPTORS);
    if (most < 1) {
      throw new IllegalArgumentException(
          "this process may open "
              + ProcessUse.mostDescriptors()
              + " files (expected: more than "
              + OTHER_DESCRIPTORS
              + "; fix: raise `ulimit -n`)");
    }
    return of(devices, (int) Math.ceilDiv(devices, most));
  }

  /** So many processes on this machine. */
  public static Spread of(int devices, int processes) {
    return new Spread(devices, processes, Runtime.getRuntime().availableProcessors());
  }

  /** Whether one process suffices. */
  public boolean isWhole() {
    return processes == 1;
  }

  /**
   * The share of each process.
   *
   * @param gateways where devices connect; loopback addresses get sources of their own, two for
   *     each process, so that ports of closed connections have time to become free
   * @param sources what was asked for; empty: chosen here
   */
  public List<Share> shares(List<GatewayAddress> gateways, List<String> sources) {
    List<Share> shares = new ArrayList<>();
    for (int number = 0; number < processes; number++) {
      Shard shard = new Shard(number, processes);
      shares.add(
          new Share(
              shard,
              Math.max(1, processors / processes),
              BASE_HEAP_MIB + shard.count(devices) * HEAP_KIB_PER_DEVICE / 1024,
              sources.isEmpty() ? loopback(gateways, number) : every(sources, shard)));
    }
    return shares;
  }

  private static List<String> loopback(List<GatewayAddress> gateways, int number) {
    boolean local =
        gateways.stream()
            .allMatch(each -> each.host().equals("localhost") || each.host().startsWith("127."));
    // Only Linux has all of 127.0.0.0/8 without being told.
    boolean linux = System.getProperty("os.name", "").equals("Linux");
    int first = 2 + 2 * number;
    return local && linux ? List.of("127.0.0." + first, "127.0.0." + (first + 1)) : List.of();
  }

  /** Every worker needs one, so that a short list is shared. */
  private static List<String> every(List<String> sources, Shard shard) {
    if (sources.size() < shard.of()) {
      return List.of(sources.get(shard.number() % sources.size()));
    }
    return shard.indices(sources.size()).mapToObj(sources::get).toList();
  }
}
