package dev.earshot.monitoring.http;

import dev.earshot.monitoring.health.FleetView.DeviceHistory;
import dev.earshot.monitoring.health.Silence;
import dev.earshot.monitoring.health.UpdateKey;
import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.Digest;
import dev.earshot.protocol.Labels;
import dev.earshot.protocol.v1.DeviceHealth;
import dev.earshot.protocol.v1.DeviceInterval;
import dev.earshot.protocol.v1.DeviceUpdate;
import dev.earshot.protocol.v1.UpdateReport;
import java.util.LinkedHashMap;
import java.util.Map;

/** A device as JSON. */
final class DeviceJson {
  private DeviceJson() {}

  static Map<String, Object> of(DeviceId id, DeviceHistory history, long nowMillis) {
    Map<String, Object> json = of(id, history.health(), nowMillis);
    json.put("intervals", history.intervals().stream().map(DeviceJson::interval).toList());
    json.put("updates", history.updates().stream().map(DeviceJson::change).toList());
    return json;
  }

  static Map<String, Object> of(DeviceId id, DeviceHealth device, long nowMillis) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("device", id.toString());
    json.put("chip", device.getAttributes().getChip());
    json.put("region", device.getAttributes().getRegion());
    json.put("firmware", device.getAttributes().getFirmware());
    json.put("connected", device.getConnected());
    json.put("silent", Silence.isSilent(device, nowMillis));
    json.put("release", device.getRelease());
    json.put(
        "modelDigest",
        device.getModelDigest().isEmpty()
            ? ""
            : Digest.ofBytes(device.getModelDigest().toByteArray()).toString());
    json.put("environment", Labels.of(device.getEnvironment()));
    json.put("rollout", device.getRollout());
    json.put("arm", Labels.of(device.getArm()));
    json.put("lastHeartbeatMs", device.getLastHeartbeatMs());
    json.put("intervalMs", Integer.toUnsignedLong(device.getIntervalMs()));
    json.put("batterySocPct", device.getBatterySocPct());
    json.put("heartbeats", device.getHeartbeats());
    json.put("falseAccepts", device.getFalseAccepts());
    json.put("listeningMs", device.getListeningMs());
    if (device.hasUpdate()) {
      json.put("update", update(device.getUpdate()));
    }
    return json;
  }

  private static Map<String, Object> interval(DeviceInterval interval) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("bootId", Integer.toUnsignedLong(interval.getBootId()));
    json.put("sequence", Integer.toUnsignedLong(interval.getSequence()));
    json.put("endedMs", interval.getEndedMs());
    json.put("receivedMs", interval.getReceivedMs());
    json.put("intervalMs", Integer.toUnsignedLong(interval.getIntervalMs()));
    json.put("release", interval.getRelease());
    json.put("environment", Labels.of(interval.getEnvironment()));
    json.put("listeningMs", Integer.toUnsignedLong(interval.getListeningMs()));
    json.put("wakes", Integer.toUnsignedLong(interval.getWakes()));
    json.put("falseAccepts", Integer.toUnsignedLong(interval.getFalseAccepts()));
    json.put("suspectedFalseRejects", Integer.toUnsignedLong(interval.getSuspectedFalseRejects()));
    json.put("ndpEnergyUj", interval.getNdpEnergyUj());
    json.put("batterySocPct", interval.getBatterySocPct());
    json.put("unexpectedReboots", Integer.toUnsignedLong(interval.getUnexpectedReboots()));
    json.put("connectedMs", Integer.toUnsignedLong(interval.getConnectivityConnectedMs()));
    return json;
  }

  private static Map<String, Object> change(DeviceUpdate change) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("receivedMs", change.getReceivedMs());
    json.putAll(update(change.getUpdate()));
    return json;
  }

  private static Map<String, Object> update(UpdateReport update) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("rollout", update.getRollout());
    json.put("release", update.getRelease());
    json.put("state", UpdateKey.state(update));
    json.put("result", UpdateKey.result(update));
    json.put("text", update.getText());
    return json;
  }
}
