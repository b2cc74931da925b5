package dev.earshot.rollout.gate;

/**
 * One device in one stratum, for evaluation on a single machine.
 *
 * @param id device id
 * @param stratum acoustic environment (and chip where a release targets several)
 * @param treated the arm it is in during the running block
 * @param counts its sums
 */
public record Device(String id, String stratum, boolean treated, DeviceCounts counts) {
  public Device {
    Checks.notBlank("id", id);
    Checks.notBlank("stratum", stratum);
  }
}
