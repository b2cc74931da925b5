package dev.earshot.gateway.wire;

import org.jspecify.annotations.Nullable;

/** Builds a CONNECT packet; what is not said is as a good device does it. */
final class Connect {
  static final int RESERVED = 0x01;
  static final int CLEAN = 0x02;
  static final int WILL = 0x04;
  static final int WILL_RETAIN = 0x20;
  private static final int PASSWORD = 0x40;
  private static final int USER = 0x80;

  private String protocolName = "MQTT";
  private int level;
  private int flags = CLEAN;
  private int keepAliveSeconds = 60;
  private byte[] properties = {};
  private String clientId = "c";
  private byte[] will = {};
  private @Nullable String user;
  private byte @Nullable [] password;

  private Connect(Version version, @Nullable String user) {
    this.level = version.level();
    this.user = user;
  }

  /** Of the device {@code fleet/name}. */
  static Connect of(Version version, String user) {
    return new Connect(version, user);
  }

  static Connect withoutUser(Version version) {
    return new Connect(version, null);
  }

  Connect protocol(String name, int newLevel) {
    protocolName = name;
    level = newLevel;
    return this;
  }

  /** Exactly these of the low six flags, whatever is in the payload. */
  Connect lowFlags(int newFlags) {
    flags = newFlags;
    return this;
  }

  Connect keepAlive(int seconds) {
    keepAliveSeconds = seconds;
    return this;
  }

  Connect clientId(String id) {
    clientId = id;
    return this;
  }

  Connect properties(Bytes bytes) {
    properties = bytes.done();
    return this;
  }

  Connect password(byte[] secret) {
    password = secret;
    return this;
  }

  /** A will that is not retained; MQTT 5 without properties. */
  Connect will(String topic, byte[] payload, int qos) {
    return will(topic, payload, qos, new Bytes());
  }

  Connect will(String topic, byte[] payload, int qos, Bytes willProperties) {
    Bytes bytes = new Bytes();
    if (level == Version.V5.level()) {
      byte[] inner = willProperties.done();
      bytes.varint(inner.length).raw(inner);
    }
    will = bytes.text(topic).binary(payload).done();
    flags |= WILL | qos << 3;
    return this;
  }

  Connect willRetained() {
    flags |= WILL_RETAIN;
    return this;
  }

  byte[] bytes() {
    Bytes body =
        new Bytes()
            .text(protocolName) // protocol name
            .u8(level) // protocol level: 4 is MQTT 3.1.1, 5 is MQTT 5
            // 80 user name, 40 password, 20 will retain, 18 will QoS, 04 will, 02 clean, 01
            // reserved
            .u8(flags | (user == null ? 0 : USER) | (password == null ? 0 : PASSWORD))
            .u16(keepAliveSeconds); // keep alive, s
    if (level == Version.V5.level()) {
      body.varint(properties.length).raw(properties); // property length, properties
    }
    body.text(clientId) // client identifier
        .raw(will); // will properties (MQTT 5), will topic, will payload
    if (user != null) {
      body.text(user); // user name
    }
    if (password != null) {
      body.binary(password); // password
    }
    return body.asPacket(0x10); // CONNECT
  }
}
