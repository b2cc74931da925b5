package dev.earshot.gateway.fuzz;

/** What a case speaks, and to which of the gateway's ports. */
enum Transport {
  /** MQTT on TCP. */
  TCP,
  /** MQTT in TLS. */
  TLS,
  /** Bytes to the port where TLS is expected. */
  RAW_TLS,
  /** HTTP and WebSocket frames: the bytes of a case hold the framing. */
  WEB_SOCKET
}
