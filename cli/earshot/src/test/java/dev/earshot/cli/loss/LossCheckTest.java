package dev.earshot.cli.loss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.cli.loss.LossCheck.Findings;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A check that finds nothing is worth what it would have found. */
class LossCheckTest {
  private final DeviceJournal journal = new DeviceJournal(7, new SplittableRandom(1));
  private final List<Numbered> sent = new ArrayList<>();

  @BeforeEach
  void acknowledgeTen() {
    for (int i = 0; i < 10; i++) {
      Numbered message = journal.next();
      sent.add(message);
      journal.acknowledged(message);
    }
  }

  @Test
  void everythingStoredOnce_nothingIsFound() {
    assertEquals(new Findings(10, 0, 0, List.of(), List.of(), List.of(), List.of()), check(sent));
  }

  @Test
  void acknowledgedMessageTakenOutOfTheTopic_isLost() {
    List<Numbered> stored = new ArrayList<>(sent);
    Numbered taken = stored.remove(4);
    assertEquals(List.of(taken), check(stored).lost());
  }

  @Test
  void messageNobodyWasToldAbout_mayBeMissing() {
    Numbered unacknowledged = journal.next();
    assertEquals(0, check(sent).storedUnacknowledged());
    List<Numbered> stored = new ArrayList<>(sent);
    stored.add(unacknowledged);
    Findings findings = check(stored);
    assertEquals(1, findings.storedUnacknowledged());
    assertEquals(List.of(), findings.lost());
    assertEquals(List.of(), findings.neverSent());
  }

  @Test
  void messagesSentAgain_areCounted_andStillInOrder() {
    List<Numbered> stored = new ArrayList<>(sent.subList(0, 6));
    stored.addAll(sent.subList(3, 10));
    Findings findings = check(stored);
    assertEquals(3, findings.duplicates());
    assertEquals(13, findings.stored());
    assertEquals(List.of(), findings.misordered());
    assertEquals(List.of(), findings.lost());
  }

  @Test
  void laterMessagesThatCameTooEarly_andAgainInOrder_areInOrder() {
    List<Numbered> stored = new ArrayList<>(sent.subList(4, 6));
    stored.addAll(sent);
    assertEquals(List.of(), check(stored).misordered());
  }

  @Test
  void twoMessagesSwapped_areOutOfOrder() {
    List<Numbered> stored = new ArrayList<>(sent);
    stored.add(4, stored.remove(5));
    assertEquals(
        List.of("(loss/device-7, boot 1, sequence 5) is stored before one acknowledged earlier"),
        check(stored).misordered());
  }

  @Test
  void oneByteChanged_isAltered_andItsMessageLost() {
    LossCheck check = new LossCheck(List.of(journal));
    for (Numbered message : sent) {
      byte[] value = message.payload();
      if (message.sequence() == 3) {
        value[value.length - 1] ^= 1;
      }
      boolean first = check.offer(key(7), value);
      assertEquals(message.sequence() != 3, first);
    }
    assertEquals(List.of("(loss/device-7, boot 1, sequence 3)"), check.findings().altered());
    assertEquals(List.of(sent.get(3)), check.findings().lost());
  }

  @Test
  void whatWasNeverSent_isFound() {
    LossCheck check = new LossCheck(List.of(journal));
    assertFalse(check.offer(key(7), new Numbered(7, 1, 10).payload()));
    assertFalse(check.offer(key(7), new Numbered(7, 2, 0).payload()));
    assertFalse(check.offer(key(8), new Numbered(8, 1, 0).payload()));
    assertFalse(check.offer("home/kitchen", new Numbered(7, 1, 0).payload()));
    assertFalse(check.offer(key(7), new byte[] {1, 2, 3}));
    assertEquals(5, check.findings().neverSent().size(), check.findings().neverSent()::toString);
  }

  @Test
  void messageUnderAnotherDevicesKey_isAltered() {
    DeviceJournal other = new DeviceJournal(8, new SplittableRandom(1));
    Numbered others = other.next();
    LossCheck check = new LossCheck(List.of(journal, other));
    assertFalse(check.offer(key(7), others.payload()));
    assertEquals(1, check.findings().altered().size());
  }

  @Test
  void bootsOfADevice_beginAtSequenceZero_andAreAllKnown() {
    List<Numbered> all = new ArrayList<>(sent);
    while (all.getLast().boot() < 3) {
      Numbered next = journal.next();
      journal.acknowledged(next);
      all.add(next);
    }
    assertEquals(0, all.getLast().sequence());
    assertEquals(all.size(), journal.numbered());
    Findings findings = check(all);
    assertEquals(List.of(), findings.lost());
    assertEquals(List.of(), findings.neverSent());
    assertTrue(findings.misordered().isEmpty());
  }

  private Findings check(List<Numbered> stored) {
    LossCheck check = new LossCheck(List.of(journal));
    for (Numbered message : stored) {
      boolean _ = check.offer(key(message.device()), message.payload());
    }
    return check.findings();
  }

  private static String key(int device) {
    return Numbered.id(device).toString();
  }
}
