package dev.earshot.simulator.flash;

import dev.earshot.agent.port.Flash;
import dev.earshot.protocol.v1.Slot;
import java.io.IOException;
import java.util.Map;

/** Where the flash of a fleet survives the process. Safe for use by many threads. */
public interface FlashStore {
  /** Nothing survives. */
  FlashStore VOLATILE =
      new FlashStore() {
        @Override
        public void writeRecord(int device, byte[] bytes) {
          // the process's memory is all the flash there is
        }

        @Override
        public void writeTrust(int device, Image trust) {
          // the process's memory is all the flash there is
        }

        @Override
        public void writeSlot(int device, Slot slot, Map<Flash.Part, Image> parts) {
          // the process's memory is all the flash there is
        }
      };

  /** Keeps a device's record in place of the one before. */
  void writeRecord(int device, byte[] bytes) throws IOException;

  /** Keeps what a device believes in place of what it believed before. */
  void writeTrust(int device, Image trust) throws IOException;

  /** Keeps the whole content of a device's slot in place of what it held. */
  void writeSlot(int device, Slot slot, Map<Flash.Part, Image> parts) throws IOException;
}
