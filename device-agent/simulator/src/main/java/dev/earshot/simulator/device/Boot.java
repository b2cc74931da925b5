package dev.earshot.simulator.device;

import dev.earshot.agent.Agent;

/** What exists of a device only while there is power. */
record Boot(
    Power power,
    PoweredTimers timers,
    SimulatedListening listening,
    Connection connection,
    Breakdowns breakdowns,
    Agent agent) {

  /** Nothing happens to it any more; its open interval is closed, and goes on to be sent. */
  void end() {
    listening.end();
    timers.freezeFleetTime();
    agent.closeInterval();
    connection.handOn();
  }
}
