package dev.earshot.protocol.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class SigningKeyTest {
  /** RFC 8032, section 7.1, test 2. */
  @Test
  void keyOfSeed_isTheStandards() {
    SigningKey key =
        SigningKey.ofSeed(
            HexFormat.of()
                .parseHex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"));
    assertEquals(
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", key.publicKey().hex());
    assertEquals(
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
            + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        HexFormat.of().formatHex(key.sign(new byte[] {0x72})));
  }

  @Test
  void seedOfAnotherLength_isRefused() {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> SigningKey.ofSeed(new byte[31]));
    assertEquals("seed: 31 bytes (expected: 32)", refused.getMessage());
  }
}
