package dev.earshot.agent;

import com.google.protobuf.ByteString;
import dev.earshot.agent.update.DeviceRecord;
import dev.earshot.agent.update.Job;
import dev.earshot.agent.update.Report;
import dev.earshot.agent.update.UpdateState;
import dev.earshot.protocol.MqttTopic.Channel;
import dev.earshot.protocol.v1.DeviceAttributes;
import dev.earshot.protocol.v1.DeviceStatus;
import dev.earshot.protocol.v1.Slot;
import dev.earshot.protocol.v1.SlotContent;
import dev.earshot.protocol.v1.UpdateReport;
import dev.earshot.protocol.v1.UpdateResult;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes the picture of the device. While there is no connection nothing is published: the birth
 * status of the next one says it all. Runs on the agent's thread.
 */
final class StatusBoard {
  private static final Logger log = LoggerFactory.getLogger(StatusBoard.class);

  private final DeviceAttributes attributes;
  private final AgentPorts ports;
  private boolean connected;
  private int sequence;

  StatusBoard(DeviceAttributes attributes, AgentPorts ports) {
    this.attributes = attributes;
    this.ports = ports;
  }

  void connected(boolean now) {
    connected = now;
  }

  /**
   * Says how things stand; runs {@code acknowledged} when the gateway has it.
   *
   * @param instead a report that could not be kept, told once
   */
  void publish(
      DeviceRecord record, int downloadedBytes, Optional<Report> instead, Runnable acknowledged) {
    if (!connected) {
      return;
    }
    DeviceStatus.Builder status =
        DeviceStatus.newBuilder()
            .setBootId(record.bootId())
            .setSequence(sequence++)
            .setDeviceTimeMs(ports.clock().millis())
            .setAttributes(attributes)
            .setActiveSlot(record.active())
            .addSlots(slot(record, Slot.SLOT_A))
            .addSlots(slot(record, Slot.SLOT_B))
            .setReleaseCounter(record.highestCounter());
    instead
        .map(Report::toMessage)
        .or(() -> report(record, downloadedBytes))
        .ifPresent(status::setUpdate);
    ports
        .transport()
        .publish(Channel.STATUS, status.build().toByteArray())
        .whenComplete(
            (done, failure) -> {
              if (failure == null) {
                guarded(acknowledged);
              }
            });
  }

  /** A stage swallows what its callbacks throw; a fault must not pass in silence. */
  private static void guarded(Runnable acknowledged) {
    try {
      acknowledged.run();
    } catch (RuntimeException e) {
      log.error("a fault after a status was acknowledged", e);
      throw e;
    }
  }

  private static SlotContent slot(DeviceRecord record, Slot slot) {
    SlotContent.Builder content = SlotContent.newBuilder().setSlot(slot);
    record
        .content(slot)
        .ifPresent(
            held ->
                content
                    .setRelease(held.release().toString())
                    .setModelDigest(ByteString.copyFrom(held.modelDigest().bytes())));
    return content.build();
  }

  private static Optional<UpdateReport> report(DeviceRecord record, int downloadedBytes) {
    return switch (record.state()) {
      case UpdateState.Idle idle -> Optional.ofNullable(record.report()).map(Report::toMessage);
      case UpdateState.Downloading(Job job, int boots) ->
          underWay(job, dev.earshot.protocol.v1.UpdateState.DOWNLOADING, downloadedBytes);
      case UpdateState.Waiting waiting -> Optional.of(deferred(waiting, downloadedBytes));
      case UpdateState.Verifying verifying ->
          underWay(
              verifying.job(), dev.earshot.protocol.v1.UpdateState.DOWNLOADED, downloadedBytes);
      case UpdateState.Installing installing ->
          underWay(installing.job(), dev.earshot.protocol.v1.UpdateState.VERIFIED, downloadedBytes);
      case UpdateState.Swapping(Job job, int boots) ->
          underWay(job, dev.earshot.protocol.v1.UpdateState.INSTALLED, downloadedBytes);
      case UpdateState.Trial(Job job, int boots) ->
          underWay(job, dev.earshot.protocol.v1.UpdateState.TRIAL, downloadedBytes);
      case UpdateState.Committing(Job job) ->
          underWay(job, dev.earshot.protocol.v1.UpdateState.TRIAL, downloadedBytes);
      case UpdateState.RollingBack rolling ->
          underWay(rolling.job(), dev.earshot.protocol.v1.UpdateState.TRIAL, downloadedBytes);
    };
  }

  private static UpdateReport deferred(UpdateState.Waiting waiting, int downloadedBytes) {
    dev.earshot.protocol.v1.UpdateState state =
        switch (waiting.before()) {
          case DOWNLOAD -> dev.earshot.protocol.v1.UpdateState.DOWNLOADING;
          case SWAP -> dev.earshot.protocol.v1.UpdateState.INSTALLED;
        };
    return begun(waiting.job(), state, downloadedBytes)
        .setResult(UpdateResult.UPDATE_DEFERRED)
        .setText(waiting.reason())
        .build();
  }

  private static Optional<UpdateReport> underWay(
      Job job, dev.earshot.protocol.v1.UpdateState state, int downloadedBytes) {
    return Optional.of(begun(job, state, downloadedBytes).setResult(UpdateResult.INITIAL).build());
  }

  private static UpdateReport.Builder begun(
      Job job, dev.earshot.protocol.v1.UpdateState state, int downloadedBytes) {
    return UpdateReport.newBuilder()
        .setCommandId(job.commandId())
        .setRollout(job.rollout())
        .setRelease(job.release().toString())
        .setState(state)
        .setDownloadedBytes(downloadedBytes);
  }
}
