package dev.earshot.broker;

import org.jspecify.annotations.Nullable;

/** Another process listens on the port that the broker was told to use. */
public final class PortInUseException extends BrokerStartException {
  private static final long serialVersionUID = 1L;

  private final int port;

  PortInUseException(int port, @Nullable Throwable cause) {
    super(
        "port "
            + port
            + " is in use: Kafka can't listen there; stop what listens, or pick another with"
            + " --kafka-port",
        cause);
    this.port = port;
  }

  /** The port that was asked for. */
  public int port() {
    return port;
  }
}
