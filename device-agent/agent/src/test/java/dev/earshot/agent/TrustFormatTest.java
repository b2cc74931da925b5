package dev.earshot.agent;

import static dev.earshot.agent.AttackedDevice.NEW;
import static dev.earshot.agent.AttackedDevice.OLD;
import static dev.earshot.agent.AttackedDevice.TRUST;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.protocol.v1.DeviceCommand;
import dev.earshot.protocol.v1.UpdateResult;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Documents that are not what they should be, on the way to a device. */
class TrustFormatTest {
  private static final int MUTATIONS = 300;

  private final AttackedDevice attacked = new AttackedDevice();
  private final TestRegistry registry = attacked.registry;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'\"version\":3'|'\"version\":3,\"version\":4'|Duplicate",
        "'\"version\":3'|'\"version\":99999999999999999999999999'|version is not an integer",
        "'\"version\":3'|'\"version\":1e400'|integer",
        "'\"version\":3'|'\"version\":-3'|version: -3",
        "'\"version\":3'|'\"version\":3.0'|integer",
        "'\"version\":3'|'\"version\":true'|version is not an integer",
        "'\"signed\":'|'\"signed\":{},\"signed\":'|Duplicate",
        "'2026-01-'|'2026-13-'|expires",
        "'\"_type\":\"timestamp\"'|'\"_type\":\"root\"'|_type",
        "'\"spec_version\":\"1.0'|'\"spec_version\":\"2.0'|spec_version",
      })
  void timestampThatIsMalformed_isRefusedWithWhatIsWrong(
      String good, String bad, String complaint) {
    String timestamp =
        new String(registry.image().file("timestamp.json").orElseThrow(), StandardCharsets.UTF_8);
    assertTrue(timestamp.contains(good), timestamp);
    registry.forge(
        "/v1/trust/image/timestamp.json",
        timestamp.replace(good, bad).getBytes(StandardCharsets.UTF_8));
    attacked.install("c1", NEW);
    assertTrue(attacked.report().getText().contains(complaint), () -> attacked.report().getText());
    attacked.assertHeld(UpdateResult.INTEGRITY_CHECK_FAILURE, "timestamp.json: ");
    attacked.assertRecovers("c2", NEW);
  }

  @Test
  void deeplyNestedDocument_isRefused() {
    registry.forge(
        "/v1/trust/image/timestamp.json",
        ("{\"signed\":" + "[".repeat(30_000) + "]".repeat(30_000) + ",\"signatures\":[]}")
            .getBytes(StandardCharsets.UTF_8));
    attacked.install("c1", NEW);
    attacked.assertHeld(UpdateResult.INTEGRITY_CHECK_FAILURE, "timestamp.json: not JSON");
    attacked.assertRecovers("c2", NEW);
  }

  /**
   * Anything that can happen to any document on its way, one at a time: it is noticed, or it does
   * not matter, but nothing is ever installed that publisher and director did not both sign. The
   * fakes of the device refuse a model without the digest that its manifest names.
   */
  @Test
  void anyMutationOfAnyDocument_neverInstallsWhatWasNotSigned() {
    List<String> paths = paths();
    for (int i = 0; i < MUTATIONS; i++) {
      SplittableRandom random = new SplittableRandom(i);
      AttackedDevice mine = new AttackedDevice();
      String path = paths.get(i % paths.size());
      DeviceCommand command = TestDevice.install("c1", NEW);
      byte[] order = TRUST.sign(mine.order(command, 1));
      if (path.equals("order")) {
        mine.tell(command, mutated(order, random));
      } else {
        mine.registry.forge(path, mutated(mine.registry.bytes(path), random));
        mine.tell(command, order);
      }
      mine.device.pass(Duration.ofHours(2));
      String listens = mine.device.listening.listensWith();
      assertNotEquals("nothing", listens, path + ", mutation " + i);
      if (listens.equals(NEW.name())) {
        assertEquals(
            NEW.signed().digest(),
            mine.device.agent.record().activeContent().orElseThrow().manifestDigest(),
            path + ", mutation " + i);
      } else {
        assertEquals(OLD.name(), listens, path + ", mutation " + i);
        assertTrue(
            List.of("REJECTED", "FAILED").contains(mine.report().getState().name()),
            path + ", mutation " + i + ": " + mine.report());
        assertTrue(!mine.report().getText().isEmpty(), "it says why");
      }
    }
  }

  /** Everything that is fetched for an install, and the order. */
  private List<String> paths() {
    attacked.install("c1", NEW);
    List<String> paths = new ArrayList<>();
    paths.add("order");
    for (var request : registry.requests) {
      String path = request.url().substring(TestRegistry.URL.length());
      if (!path.endsWith(".root.json")) {
        paths.add(path);
      }
    }
    assertEquals(1 + 4 + 3, paths.size(), paths.toString());
    return paths;
  }

  private static byte[] mutated(byte[] good, SplittableRandom random) {
    byte[] bytes = good.clone();
    int at = random.nextInt(bytes.length);
    switch (random.nextInt(6)) {
      case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> bytes[at] = (byte) random.nextInt(256);
      case 2 -> {
        return Arrays.copyOf(bytes, at); // torn off
      }
      case 3 -> {
        return Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(40)); // longer
      }
      case 4 -> { // a piece twice
        byte[] twice = Arrays.copyOf(bytes, 2 * bytes.length - at);
        System.arraycopy(bytes, at, twice, bytes.length, bytes.length - at);
        return twice;
      }
      default -> { // digits become other digits
        for (int i = at; i < bytes.length; i++) {
          if (bytes[i] >= '0' && bytes[i] <= '9') {
            bytes[i] = (byte) ('0' + random.nextInt(10));
            break;
          }
        }
      }
    }
    return bytes;
  }
}
