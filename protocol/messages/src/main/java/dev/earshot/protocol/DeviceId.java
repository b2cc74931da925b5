package dev.earshot.protocol;

/**
 * Who a device is: its fleet (the tenant) and its name in that fleet, each {@code
 * [A-Za-z0-9_-]{1,64}}. The authenticated connection says it, never a payload. {@link #toString()}
 * is the key of every device topic.
 */
public record DeviceId(String fleet, String device) {
  private static final int LONGEST_PART = 64;

  public DeviceId {
    requirePart("fleet", fleet);
    requirePart("device", device);
  }

  /** Parses {@code fleet/device}. */
  public static DeviceId parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      throw new IllegalArgumentException(
          "device id: '" + text + "' (expected: fleet/device, such as home/kitchen-0001)");
    }
    return new DeviceId(text.substring(0, slash), text.substring(slash + 1));
  }

  @Override
  public String toString() {
    return fleet + "/" + device;
  }

  private static void requirePart(String field, String value) {
    if (!isPart(value)) {
      throw new IllegalArgumentException(
          field + ": '" + value + "' (expected: 1 to 64 of A-Z a-z 0-9 _ -)");
    }
  }

  /**
   * By hand: every message of every device comes by here, and a pattern takes ten times as long.
   */
  private static boolean isPart(String value) {
    if (value.isEmpty() || value.length() > LONGEST_PART) {
      return false;
    }
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      boolean allowed =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || c == '_'
              || c == '-';
      if (!allowed) {
        return false;
      }
    }
    return true;
  }
}
