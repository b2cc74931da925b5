package dev.earshot.agent;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.earshot.agent.port.Outbox;
import dev.earshot.agent.trust.ManifestCheck;
import dev.earshot.agent.trust.TrustMemory;
import dev.earshot.agent.trust.Verdict;
import dev.earshot.agent.update.Conditions;
import dev.earshot.agent.update.DeviceRecord;
import dev.earshot.agent.update.Job;
import dev.earshot.agent.update.LastOrder;
import dev.earshot.agent.update.RecordCodec;
import dev.earshot.agent.update.Report;
import dev.earshot.agent.update.Slots;
import dev.earshot.agent.update.UpdateEvent;
import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.Digest;
import dev.earshot.protocol.release.ReleaseRef;
import dev.earshot.protocol.v1.DeviceAttributes;
import dev.earshot.protocol.v1.DeviceCommand;
import dev.earshot.protocol.v1.Heartbeat;
import dev.earshot.protocol.v1.Install;
import dev.earshot.protocol.v1.Revert;
import dev.earshot.protocol.v1.UpdateResult;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One device. Everything happens on one thread, which the owner chooses: every method here is
 * called on it, and every callback of {@link AgentPorts} comes back on it. Nothing blocks but the
 * flash.
 *
 * <p>Promises: at every start and at every change of an update the gateway gets the whole picture;
 * each interval is reported under one (boot id, sequence), in order, and waits over power cuts
 * until the gateway has it or more wait than the settings allow (then the oldest is given up, and a
 * later one says so); a command is worked on once, however often it is told; only a release that
 * the director ordered of this device and the publisher signed is ever listened with (apart from
 * the one that the factory installed); after a power cut at any instant the device listens with a
 * complete, verified model and ends what it was doing. Not promised: the interval under way when
 * the power is cut is lost, and so is what waited in an outbox that is {@link Outbox#forgetful}.
 */
public final class Agent {
  private static final Logger log = LoggerFactory.getLogger(Agent.class);

  private final DeviceId id;
  private final AgentPorts ports;
  private final Heartbeats heartbeats;
  private final StatusBoard board;
  private final Updater updater;
  private final OrderDesk orders;

  /**
   * A device whose flash has been provisioned ({@link FactoryImage}).
   *
   * @param attributes as the status tells them; its chip decides which releases may be installed
   * @throws IOException when the flash holds no readable record
   */
  public Agent(DeviceId id, DeviceAttributes attributes, AgentSettings settings, AgentPorts ports)
      throws IOException {
    this.id = id;
    this.ports = ports;
    this.heartbeats = new Heartbeats(ports, settings);
    this.board = new StatusBoard(attributes, ports);
    DeviceRecord record =
        RecordCodec.decode(
            ports
                .flash()
                .readRecord()
                .orElseThrow(
                    () -> new IOException("flash is blank (expected: a factory image on it)")));
    if (ports.flash().isStandIn()) {
      record = record.afterLoss();
    }
    TrustMemory memory = new TrustMemory(ports.flash(), settings.trust());
    ManifestCheck manifests = new ManifestCheck(attributes.getChip());
    this.updater =
        new Updater(
            id.toString(),
            record,
            ports,
            settings,
            new Download.Trusting(memory, manifests),
            new SlotInspector(ports, manifests, heartbeats),
            heartbeats,
            board);
    this.orders = new OrderDesk(id, ports, settings, memory, updater, new Decided());
  }

  /**
   * Boots: counts the boot in flash, listens, and goes on with an update that was interrupted.
   *
   * @throws IOException when the flash can't be written; nothing may be sent then, for want of a
   *     boot id
   */
  public void start() throws IOException {
    updater.boot();
  }

  /** Ends at once, as a power cut would: nothing more is written, sent or called. */
  public void stop() {
    orders.stop();
    updater.stop();
    board.connected(false);
    heartbeats.stop();
  }

  /**
   * The transport has a session, and commands can arrive: tells the birth status, then what waited.
   */
  public void onConnected() {
    board.connected(true);
    updater.announceAll();
    heartbeats.onConnected();
  }

  /** The session is lost. */
  public void onDisconnected() {
    board.connected(false);
    heartbeats.onDisconnected();
  }

  /** A {@code DeviceCommand} message arrived, perhaps not for the first time. */
  public void onCommand(byte[] payload) {
    DeviceCommand command;
    try {
      command = DeviceCommand.parseFrom(payload);
    } catch (InvalidProtocolBufferException e) {
      log.warn("{}: a command can't be read: {}", id, e.getMessage());
      return;
    }
    orders.receive(command);
  }

  private final class Decided implements OrderDesk.Decision {
    @Override
    public void accepted(DeviceCommand command, LastOrder order) {
      Instant now = ports.clock().instant();
      if (command.getExpiresAtMs() != 0 && now.toEpochMilli() > command.getExpiresAtMs()) {
        String when = Instant.ofEpochMilli(command.getExpiresAtMs()).toString();
        decline(command, order, "the command expired at " + when);
        return;
      }
      try {
        act(command, order);
      } catch (IllegalArgumentException e) {
        decline(command, order, String.valueOf(e.getMessage()));
      }
    }

    @Override
    public void refused(DeviceCommand command, Verdict.Refused why) {
      log.warn("{}: command {} refused: {}", id, command.getCommandId(), why.text());
      updater.tell(report(command, why.result(), why.text()));
    }
  }

  /** To be called just before the environment changes: an interval has one environment. */
  public void onEnvironmentChange() {
    heartbeats.close();
  }

  /** Ends the current interval now; its heartbeat is sent, or waits. */
  public void closeInterval() {
    heartbeats.close();
  }

  /**
   * The model that listens misbehaves. In its trial the old one comes back; later only the log
   * hears of it.
   */
  public void onModelFault(String text) {
    log.warn("{}: model fault: {}", id, text);
    updater.modelFault(text);
  }

  /**
   * Somebody at the device wants the model before the one that listens back: ends a trial, cancels
   * an update that has not been swapped in, or else changes over to the other slot. The server is
   * told that it was done by hand.
   */
  public void revertByHand(String reason) {
    updater.revertByHand(reason);
  }

  /** What is in flash now. */
  public DeviceRecord record() {
    return updater.record();
  }

  /** What became of this boot's heartbeats. */
  public Counters counters() {
    return heartbeats.counters();
  }

  /** Who hears of every heartbeat that is dropped because too many wait; before the start. */
  public void onHeartbeatDropped(Consumer<Heartbeat> listener) {
    heartbeats.onDrop(listener);
  }

  /** Heartbeats that no acknowledgement has come for yet, oldest first. */
  public List<Heartbeat> unsent() {
    return heartbeats.unsent();
  }

  private void act(DeviceCommand command, LastOrder order) {
    switch (command.getActionCase()) {
      case INSTALL ->
          updater.handle(new UpdateEvent.Ordered(job(command, command.getInstall())), order);
      case REVERT ->
          updater.handle(new UpdateEvent.Ordered(job(command, command.getRevert())), order);
      case CANCEL -> {
        updater.cancelPending(command.getRollout());
        updater.handle(
            new UpdateEvent.Cancelled(
                command.getCommandId(), command.getRollout(), command.getCancel().getReason()),
            order);
      }
      case ACTION_NOT_SET ->
          throw new IllegalArgumentException("this agent does not know what the command asks for");
    }
  }

  private Job job(DeviceCommand command, Install install) {
    return new Job(
        command.getCommandId(),
        command.getRollout(),
        ReleaseRef.parse(install.getRelease()),
        Digest.ofBytes(install.getManifestDigest().toByteArray()),
        install.getRegistryUrl(),
        false,
        install.getTrialSeconds(),
        Slots.other(record().active()),
        "",
        Conditions.of(install.getConditions()));
  }

  private Job job(DeviceCommand command, Revert revert) {
    return new Job(
        command.getCommandId(),
        command.getRollout(),
        ReleaseRef.parse(revert.getRelease()),
        Digest.ofBytes(revert.getManifestDigest().toByteArray()),
        revert.getRegistryUrl(),
        true,
        0,
        Slots.other(record().active()),
        revert.getReason(),
        Conditions.NONE);
  }

  private void decline(DeviceCommand command, LastOrder order, String text) {
    updater.handle(
        new UpdateEvent.Declined(report(command, UpdateResult.UPDATE_FAILED, text)), order);
  }

  private static Report report(DeviceCommand command, UpdateResult result, String text) {
    String release =
        switch (command.getActionCase()) {
          case INSTALL -> command.getInstall().getRelease();
          case REVERT -> command.getRevert().getRelease();
          case CANCEL, ACTION_NOT_SET -> "";
        };
    return new Report(
        command.getCommandId(),
        command.getRollout(),
        release,
        dev.earshot.protocol.v1.UpdateState.REJECTED,
        result,
        text);
  }
}
