package dev.earshot.agent.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GatewayAddressTest {
  @ParameterizedTest
  @CsvSource({
    "localhost:1883, tcp://localhost:1883",
    "10.0.0.7:99, tcp://10.0.0.7:99",
    "mqtt://gateway.example, tcp://gateway.example:1883",
    "mqtt://gateway.example:99/, tcp://gateway.example:99",
    "mqtts://gateway.example, ssl://gateway.example:8883",
    "mqtts://gateway.example:443, ssl://gateway.example:443",
    "[::1]:1883, tcp://[::1]:1883"
  })
  void address_becomesPahos(String text, String paho) {
    assertEquals(paho, GatewayAddress.parse(text).serverUri());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "h",
        "",
        "http://h:1",
        "mqtt://",
        "mqtts://user:secret@h",
        "mqtt://h/path",
        "mqtt://h?q=1",
        "a b:1"
      })
  void otherTexts_areRefused(String text) {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> GatewayAddress.parse(text));
    assertEquals(
        "'" + text + "' (expected: mqtts://HOST, mqtt://HOST or HOST:PORT, such as localhost:1883)",
        refused.getMessage());
  }

  @Test
  void portBeyondTheRange_isRefused() {
    assertEquals(
        "'h:70000': port 70000 (expected: 1 to 65535)",
        assertThrows(IllegalArgumentException.class, () -> GatewayAddress.parse("h:70000"))
            .getMessage());
  }
}
