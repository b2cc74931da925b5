package dev.earshot.agent;

import dev.earshot.agent.trust.OrderCheck;
import dev.earshot.agent.trust.TrustMemory;
import dev.earshot.agent.trust.TrustWalk;
import dev.earshot.agent.trust.Verdict;
import dev.earshot.agent.update.Job;
import dev.earshot.agent.update.LastOrder;
import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.trust.Envelope;
import dev.earshot.protocol.trust.Root;
import dev.earshot.protocol.trust.TrustException;
import dev.earshot.protocol.v1.DeviceCommand;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides whether a command is the director's. An order that the keys of the known root have not
 * signed may be signed by newer ones: then newer roots are fetched, and only then it is decided.
 * Commands are decided in the order in which they came. Runs on the agent's thread.
 */
final class OrderDesk {
  private static final Logger log = LoggerFactory.getLogger(OrderDesk.class);

  /** More commands than this don't wait for one root; the gateway tells them again. */
  private static final int MOST_WAITING = 8;

  private final DeviceId id;
  private final AgentPorts ports;
  private final AgentSettings settings;
  private final TrustMemory memory;
  private final Updater updater;
  private final Decision decision;
  private final Deque<DeviceCommand> waiting = new ArrayDeque<>();
  private @Nullable Retrieval retrieval;

  /** What becomes of a command. */
  interface Decision {
    /** The director ordered it. */
    void accepted(DeviceCommand command, LastOrder order);

    /** He did not, or not this, or not now. Nothing of it is kept. */
    void refused(DeviceCommand command, Verdict.Refused why);
  }

  OrderDesk(
      DeviceId id,
      AgentPorts ports,
      AgentSettings settings,
      TrustMemory memory,
      Updater updater,
      Decision decision) {
    this.id = id;
    this.ports = ports;
    this.settings = settings;
    this.memory = memory;
    this.updater = updater;
    this.decision = decision;
  }

  /** A command came. */
  void receive(DeviceCommand command) {
    if (retrieval == null) {
      decide(command, true);
    } else if (waiting.size() < MOST_WAITING
        && waiting.stream().noneMatch(other -> same(other, command))) {
      waiting.add(command);
    }
  }

  private static boolean same(DeviceCommand one, DeviceCommand other) {
    return one.getCommandId().equals(other.getCommandId());
  }

  /** Nothing more is decided. */
  void stop() {
    Retrieval running = retrieval;
    if (running != null) {
      running.cancel();
    }
    waiting.clear();
  }

  private void decide(DeviceCommand command, boolean mayFetch) {
    if (updater.knows(command.getCommandId())) {
      updater.announce();
      return;
    }
    Envelope<Root> root = memory.recall().director();
    LastOrder order;
    try {
      order =
          OrderCheck.check(
              command, id, root, updater.record().lastOrder(), ports.clock().instant());
    } catch (TrustException e) {
      if (mayFetch && mayBeOfNewerRoot(command, e)) {
        fetchRoots(command);
      } else {
        decision.refused(command, Verdict.Refused.of(e));
      }
      return;
    }
    decision.accepted(command, order);
  }

  /** A root that expired has a successor, and keys that are not known may be its. */
  private boolean mayBeOfNewerRoot(DeviceCommand command, TrustException e) {
    return !command.getDirector().isEmpty()
        && registryUrl(command).isPresent()
        && (e.reason() == TrustException.Reason.SIGNATURES
            || e.reason() == TrustException.Reason.EXPIRED);
  }

  /** A cancellation names no registry: it is about what is fetched from one. */
  private Optional<String> registryUrl(DeviceCommand command) {
    return switch (command.getActionCase()) {
      case INSTALL -> Optional.of(command.getInstall().getRegistryUrl());
      case REVERT -> Optional.of(command.getRevert().getRegistryUrl());
      case CANCEL, ACTION_NOT_SET -> updater.record().state().work().map(Job::registryUrl);
    };
  }

  private void fetchRoots(DeviceCommand command) {
    waiting.addFirst(command);
    Retrieval running =
        new Retrieval(
            ports,
            settings,
            (result, text) -> {
              log.warn("{}: newer roots of the director can't be fetched: {}", id, text);
              rootsAreThere();
            });
    retrieval = running;
    walk(TrustWalk.toDirector(memory), registryUrl(command).orElseThrow(), running);
  }

  private void walk(TrustWalk walk, String registryUrl, Retrieval running) {
    try {
      Optional<TrustWalk.Need> need = walk.next();
      if (need.isEmpty()) {
        rootsAreThere();
        return;
      }
      running.document(
          registryUrl + need.get().path(),
          need.get().most(),
          bytes -> take(walk, bytes, registryUrl, running),
          () -> {
            absent(walk);
            walk(walk, registryUrl, running);
          });
    } catch (TrustException e) {
      throw new IllegalStateException("the director's roots need nothing checked before", e);
    }
  }

  private static void absent(TrustWalk walk) {
    try {
      walk.absent();
    } catch (TrustException e) {
      throw new IllegalStateException("no order was given that might not stand", e);
    }
  }

  private void take(TrustWalk walk, byte[] bytes, String registryUrl, Retrieval running)
      throws IOException {
    try {
      walk.take(bytes);
    } catch (TrustException e) {
      log.warn("{}: a root of the director is not believed: {}", id, e.getMessage());
      rootsAreThere();
      return;
    }
    walk(walk, registryUrl, running);
  }

  /** As many as there are, or as could be had: now it is decided. */
  private void rootsAreThere() {
    Retrieval over = retrieval;
    if (over != null) {
      over.cancel();
    }
    retrieval = null;
    DeviceCommand first = waiting.poll();
    if (first != null) {
      decide(first, false);
    }
    while (retrieval == null && !waiting.isEmpty()) {
      decide(waiting.remove(), true);
    }
  }
}
