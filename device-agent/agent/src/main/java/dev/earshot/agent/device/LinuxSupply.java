package dev.earshot.agent.device;

import dev.earshot.agent.port.Supply;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Battery and charger as the Linux kernel tells them: {@code /sys/class/power_supply/NAME/}, files
 * {@code type}, {@code scope}, {@code capacity} (percent), {@code status} and {@code online} (see
 * the kernel's Documentation/ABI/testing/sysfs-class-power). A machine without a system battery is
 * on mains. A battery that can't be read counts as empty and not charging: an install that asks for
 * charge then waits, and says so, instead of draining what nobody knows.
 */
final class LinuxSupply implements Supply {
  private static final Logger log = LoggerFactory.getLogger(LinuxSupply.class);
  private static final Reading UNKNOWN = new Reading(false, 0);

  private final Path directory;

  LinuxSupply() {
    this(Path.of("/sys/class/power_supply"));
  }

  LinuxSupply(Path directory) {
    this.directory = directory;
  }

  @Override
  public Reading read() {
    if (!Files.isDirectory(directory)) {
      return Reading.MAINS;
    }
    boolean online = false;
    Optional<Reading> battery = Optional.empty();
    try (DirectoryStream<Path> supplies = Files.newDirectoryStream(directory)) {
      for (Path supply : supplies) {
        boolean isBattery = text(supply, "type").equals("Battery");
        boolean ofAPeripheral = text(supply, "scope").equals("Device");
        if (isBattery && !ofAPeripheral) {
          battery = Optional.of(least(battery, battery(supply)));
        } else if (!isBattery && text(supply, "online").equals("1")) {
          online = true;
        }
      }
    } catch (IOException e) {
      log.warn("{}: {}", directory, e.getMessage());
      return UNKNOWN;
    }
    boolean plugged = online;
    return battery
        .map(reading -> new Reading(reading.charging() || plugged, reading.percent()))
        .orElse(Reading.MAINS);
  }

  private static Reading least(Optional<Reading> before, Reading next) {
    return before.filter(reading -> reading.percent() <= next.percent()).orElse(next);
  }

  private static Reading battery(Path supply) {
    String status = text(supply, "status");
    boolean charging = status.equals("Charging") || status.equals("Full");
    try {
      return new Reading(charging, Math.clamp(Long.parseLong(text(supply, "capacity")), 0, 100));
    } catch (NumberFormatException e) {
      log.warn("{}/capacity is not a number: {}", supply, e.getMessage());
      return new Reading(charging, 0);
    }
  }

  private static String text(Path supply, String file) {
    try {
      return Files.readString(supply.resolve(file)).strip();
    } catch (IOException e) {
      return "";
    }
  }
}
