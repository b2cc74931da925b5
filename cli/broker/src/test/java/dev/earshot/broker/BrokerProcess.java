package dev.earshot.broker;

import java.nio.file.Path;

/** A process of its own that runs a broker until it is killed. */
final class BrokerProcess {
  private BrokerProcess() {}

  public static void main(String[] args) throws Exception {
    EmbeddedBroker broker = EmbeddedBroker.start(Path.of(args[0]), 0);
    Records.createTopic(broker.bootstrap());
    Records.produce(broker.bootstrap(), args[1]);
    System.out.println("acknowledged");
    System.out.flush();
    Thread.sleep(Long.MAX_VALUE);
  }
}
