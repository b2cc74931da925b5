package dev.earshot.cli.loss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.cli.loss.Outbox.Answer;
import dev.earshot.cli.loss.Outbox.Outgoing;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class OutboxTest {
  private final DeviceJournal journal = new DeviceJournal(0, new SplittableRandom(1));
  // A pace of next to nothing: a new message is due at once.
  private final Outbox outbox = new Outbox(journal, new SplittableRandom(1), 2);

  @Test
  void newMessages_haveTheirOwnPacketIds_andAreNotRepetitions() throws InterruptedException {
    outbox.connected(3);
    List<Outgoing> sent = take(3);
    assertEquals(List.of(1, 2, 3), sent.stream().map(Outgoing::packetId).toList());
    assertEquals(List.of(0, 1, 2), sent.stream().map(each -> each.message().sequence()).toList());
    assertTrue(sent.stream().noneMatch(Outgoing::again));
    assertTrue(outbox.awaits());
  }

  @Test
  void connectionLost_nextOneBeginsWithTheOldest_markedAsSentBefore() throws InterruptedException {
    outbox.connected(4);
    List<Outgoing> sent = take(4);
    assertEquals(Answer.OLDEST, outbox.acknowledged(sent.getFirst().packetId()));
    outbox.disconnected();
    assertTrue(outbox.take().isEmpty());
    assertFalse(outbox.awaits());
    outbox.connected(4);
    List<Outgoing> again = take(4);
    for (int i = 0; i < 3; i++) {
      assertEquals(sent.get(i + 1).message(), again.get(i).message());
      assertEquals(sent.get(i + 1).packetId(), again.get(i).packetId());
      assertTrue(again.get(i).again());
    }
    assertFalse(again.get(3).again());
    assertEquals(List.of(sent.getFirst().message()), journal.acknowledgements());
  }

  @Test
  void gatewayTakesFewerAtOnce_restWaits() throws InterruptedException {
    outbox.connected(4);
    List<Outgoing> sent = take(4);
    outbox.disconnected();
    outbox.finish();
    outbox.connected(2);
    assertEquals(sent.get(0).message(), outbox.take().orElseThrow().message());
    assertEquals(sent.get(1).message(), outbox.take().orElseThrow().message());
    assertEquals(Answer.OLDEST, outbox.acknowledged(sent.get(0).packetId()));
    assertEquals(sent.get(2).message(), outbox.take().orElseThrow().message());
    assertEquals(3, outbox.size());
  }

  @Test
  void acknowledgementsThatOvertake_orAreOfNothing_areTold() throws InterruptedException {
    outbox.connected(2);
    List<Outgoing> sent = take(2);
    assertEquals(Answer.OVERTAKING, outbox.acknowledged(sent.get(1).packetId()));
    assertEquals(Answer.UNKNOWN, outbox.acknowledged(sent.get(1).packetId()));
    assertEquals(Answer.OLDEST, outbox.acknowledged(sent.get(0).packetId()));
    assertEquals(0, outbox.size());
  }

  @Test
  void acknowledgementOfAnEarlierConnection_isOfNothing() throws InterruptedException {
    outbox.connected(2);
    List<Outgoing> sent = take(2);
    outbox.disconnected();
    outbox.connected(2);
    assertEquals(Answer.UNKNOWN, outbox.acknowledged(sent.get(0).packetId()));
  }

  private List<Outgoing> take(int count) throws InterruptedException {
    List<Outgoing> taken = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      taken.add(outbox.take().orElseThrow());
    }
    return taken;
  }
}
