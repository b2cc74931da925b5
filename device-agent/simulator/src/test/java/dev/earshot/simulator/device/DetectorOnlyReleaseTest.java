package dev.earshot.simulator.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.protocol.MqttTopic.Channel;
import dev.earshot.protocol.v1.Heartbeat;
import dev.earshot.simulator.TestRelease;
import dev.earshot.simulator.truth.Counts;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A release that moves the threshold is rolled out like any other, and back again. */
class DetectorOnlyReleaseTest {
  private static final TestRelease PARENT = TestRelease.of("test:1.0.0", 1, .5, .1);
  private static final TestRelease RETUNED = PARENT.retuned("test:1.0.1", 2, 110, .2, .2);

  @Test
  void anotherThreshold_isInstalledByAllAndChangesWhatHappens() throws IOException {
    VirtualFleet fleet = new VirtualFleet(40, 1, List.of(), PARENT, RETUNED);
    fleet.loop.run(Duration.ofHours(24));
    fleet.tellAll(RETUNED, RETUNED.installCommand("command-1", "http://registry", 3600));
    fleet.loop.run(Duration.ofHours(24));
    fleet.finish();

    assertEquals(40L, fleet.services.tally().devicesByRelease().get("test:1.0.1"));
    Map<String, Counts> truth = fleet.services.ledger().snapshot().happenedByRelease();
    double before = perHour(truth.getOrDefault("test:1.0.0", Counts.NONE));
    double after = perHour(truth.getOrDefault("test:1.0.1", Counts.NONE));
    assertEquals(.4, after / before, .15, "0.2 against 0.5 false accepts an hour, same devices");
  }

  @Test
  void everyHeartbeat_hasAPeakForEachOfItsEvents() throws IOException {
    VirtualFleet fleet = new VirtualFleet(20, 1, List.of(), PARENT);
    fleet.loop.run(Duration.ofHours(24));
    fleet.finish();
    int events = 0;
    for (VirtualFleet.Published message : fleet.published) {
      if (message.channel() == Channel.HEARTBEAT) {
        Heartbeat beat = Heartbeat.parseFrom(message.payload());
        int falseAccepts = beat.getFalseAcceptScoresList().stream().mapToInt(i -> i).sum();
        int confirmed = beat.getConfirmedWakeScoresList().stream().mapToInt(i -> i).sum();
        int suspected = beat.getSuspectedFalseRejectScoresList().stream().mapToInt(i -> i).sum();
        assertEquals(beat.getFalseAccepts(), falseAccepts);
        assertEquals(beat.getWakes() - beat.getFalseAccepts(), confirmed);
        assertEquals(beat.getSuspectedFalseRejects(), suspected);
        assertTrue(
            beat.getFalseAccepts() > 0 || beat.getFalseAcceptScoresCount() == 0,
            "no histogram of nothing");
        events += falseAccepts + confirmed + suspected;
      }
    }
    assertTrue(events > 200, events + " events");
  }

  private static double perHour(Counts counts) {
    return counts.falseAccepts() / (counts.listeningMillis() / 3_600_000.0);
  }
}
