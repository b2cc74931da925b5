package dev.earshot.simulator.device;

/**
 * The power of one boot. While it is on, calls go through; when it is cut, the call that is under
 * way ends where it stands and no other one begins. Used on the device's loop.
 */
final class Power {
  private boolean on = true;

  /** Ends the call that was under way when the power was cut. */
  static final class Lost extends RuntimeException {
    private static final long serialVersionUID = 1;

    Lost() {
      super("power lost", null, false, false);
    }
  }

  boolean isOn() {
    return on;
  }

  void cut() {
    on = false;
  }

  /** Runs what calls into the device from outside. */
  void run(Runnable call) {
    if (on) {
      try {
        call.run();
      } catch (Lost lost) {
        // the device is dark; its owner arranged for the next boot when it cut the power
      }
    }
  }

  /** Stops the device's own code from doing anything after a cut. */
  void require() {
    if (!on) {
      throw new Lost();
    }
  }
}
