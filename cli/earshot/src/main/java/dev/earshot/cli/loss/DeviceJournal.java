package dev.earshot.cli.loss;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What one device of the generator has numbered, and what was acknowledged to it, in that order.
 * Now and then it boots, and its sequence starts over. Safe for use by several threads.
 */
final class DeviceJournal {
  private static final int SHORTEST_BOOT = 100;
  private static final int LONGEST_BOOT = 400;

  private final int device;
  private final SplittableRandom random;
  private final List<Integer> numberedByBoot = new ArrayList<>();
  private final List<Numbered> acknowledged = new ArrayList<>();
  private int untilBoot;

  DeviceJournal(int device, SplittableRandom random) {
    this.device = device;
    this.random = random;
  }

  int device() {
    return device;
  }

  /** A new message. It counts as sent from now on. */
  synchronized Numbered next() {
    if (untilBoot == 0) {
      numberedByBoot.add(0);
      untilBoot = random.nextInt(SHORTEST_BOOT, LONGEST_BOOT);
    }
    untilBoot--;
    int boot = numberedByBoot.size();
    int sequence = numberedByBoot.get(boot - 1);
    numberedByBoot.set(boot - 1, sequence + 1);
    return new Numbered(device, boot, sequence);
  }

  /** The gateway has said that it keeps it. */
  synchronized void acknowledged(Numbered message) {
    acknowledged.add(message);
  }

  /** Whether there was such a message. */
  synchronized boolean has(Numbered message) {
    return message.device() == device
        && message.boot() <= numberedByBoot.size()
        && message.sequence() < numberedByBoot.get(message.boot() - 1);
  }

  /** How many messages there were. */
  synchronized long numbered() {
    return numberedByBoot.stream().mapToLong(Integer::longValue).sum();
  }

  /** Whether nothing was acknowledged yet. */
  synchronized boolean isSilent() {
    return acknowledged.isEmpty();
  }

  /** What was acknowledged so far, in that order. */
  synchronized List<Numbered> acknowledgements() {
    return List.copyOf(acknowledged);
  }
}
