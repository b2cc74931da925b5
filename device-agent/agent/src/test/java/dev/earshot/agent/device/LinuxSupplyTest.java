package dev.earshot.agent.device;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.earshot.agent.port.Supply.Reading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinuxSupplyTest {
  @TempDir private Path directory;

  private void file(String supply, String name, String content) throws IOException {
    Files.createDirectories(directory.resolve(supply));
    Files.writeString(directory.resolve(supply).resolve(name), content + "\n");
  }

  private Reading read() {
    return new LinuxSupply(directory).read();
  }

  @Test
  void machineWithoutABattery_isOnMains() throws IOException {
    assertEquals(Reading.MAINS, new LinuxSupply(directory.resolve("absent")).read());
    assertEquals(Reading.MAINS, read());
    file("AC", "type", "Mains");
    file("AC", "online", "0");
    assertEquals(Reading.MAINS, read());
  }

  @Test
  void dischargingBattery_givesItsCharge() throws IOException {
    file("AC", "type", "Mains");
    file("AC", "online", "0");
    file("BAT0", "type", "Battery");
    file("BAT0", "status", "Discharging");
    file("BAT0", "capacity", "62");
    assertEquals(new Reading(false, 62), read());
  }

  @Test
  void chargerThatIsPlugged_counts() throws IOException {
    file("BAT0", "type", "Battery");
    file("BAT0", "status", "Not charging");
    file("BAT0", "capacity", "80");
    file("usb", "type", "USB");
    file("usb", "online", "1");
    assertEquals(new Reading(true, 80), read());
  }

  @Test
  void emptiestOfTwoBatteries_counts_andAMousesDoesNot() throws IOException {
    for (String name : new String[] {"BAT0", "BAT1", "mouse"}) {
      file(name, "type", "Battery");
      file(name, "status", "Discharging");
      file(name, "capacity", name.equals("BAT1") ? "30" : name.equals("mouse") ? "5" : "90");
    }
    file("mouse", "scope", "Device");
    assertEquals(new Reading(false, 30), read());
  }

  @Test
  void batteryThatCannotBeRead_countsAsEmpty() throws IOException {
    file("BAT0", "type", "Battery");
    assertEquals(new Reading(false, 0), read());
  }
}
