package dev.earshot.rollout.stream;

import com.google.protobuf.ByteString;

/** What comes in from devices. The bytes are parsed where a damaged message can be counted. */
sealed interface DeviceInput {
  record HeartbeatBytes(ByteString bytes) implements DeviceInput {}

  record StatusBytes(ByteString bytes) implements DeviceInput {}
}
