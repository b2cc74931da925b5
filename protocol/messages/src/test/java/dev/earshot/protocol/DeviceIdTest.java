package dev.earshot.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

final class DeviceIdTest {
  @Test
  void idReadBack_isTheSame() {
    assertEquals(new DeviceId("home", "Kitchen_0-1"), DeviceId.parse("home/Kitchen_0-1"));
    assertEquals("home/Kitchen_0-1", DeviceId.parse("home/Kitchen_0-1").toString());
  }

  @Test
  void everyCharacter_isAllowedAsTheContractSays() {
    Pattern contract = Pattern.compile("[A-Za-z0-9_-]{1,64}");
    for (char c = 0; c < 0x250; c++) {
      String name = "a" + c;
      if (contract.matcher(name).matches()) {
        assertEquals(name, new DeviceId("home", name).device());
      } else {
        assertThrows(IllegalArgumentException.class, () -> new DeviceId("home", name));
      }
    }
  }

  @Test
  void length_isOneToSixtyFour() {
    assertEquals(64, new DeviceId("home", "x".repeat(64)).device().length());
    assertEquals(
        "device: '' (expected: 1 to 64 of A-Z a-z 0-9 _ -)",
        assertThrows(IllegalArgumentException.class, () -> new DeviceId("home", "")).getMessage());
    assertThrows(IllegalArgumentException.class, () -> new DeviceId("x".repeat(65), "a"));
  }
}
