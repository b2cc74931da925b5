package dev.earshot.agent.device;

import dev.earshot.ndp.chip.ChipProfile;
import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.clock.FleetClock;
import dev.earshot.protocol.v1.Environment;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What flags or a file say about a device; null where they say nothing. */
record DeviceConfig(Place place, Ear ear, Uplink uplink, Beats beats) {
  /** Nothing is said. */
  static final DeviceConfig NOTHING =
      new DeviceConfig(
          new Place(null, null, null, null, null, null, null),
          new Ear(null, null, null, null, null, null, null),
          new Uplink(null, null, null, null, null, null, null),
          new Beats(null, null));

  /**
   * Who it is and where it lives.
   *
   * @param state directory of its flash
   * @param trust directory of its roots of trust
   */
  record Place(
      @Nullable DeviceId device,
      @Nullable ChipProfile chip,
      @Nullable String region,
      @Nullable Environment environment,
      @Nullable FleetClock clock,
      @Nullable Path state,
      @Nullable Path trust) {

    Place over(Place other) {
      return new Place(
          first(device, other.device),
          first(chip, other.chip),
          first(region, other.region),
          first(environment, other.environment),
          first(clock, other.clock),
          first(state, other.state),
          first(trust, other.trust));
    }
  }

  /**
   * What it hears, and with what.
   *
   * @param threshold int8 score
   * @param smoothing inferences
   * @param refractory milliseconds
   */
  record Ear(
      @Nullable Path audio,
      @Nullable Boolean loop,
      @Nullable Path model,
      @Nullable Path card,
      @Nullable Integer threshold,
      @Nullable Integer smoothing,
      @Nullable Integer refractory) {

    Ear over(Ear other) {
      return new Ear(
          first(audio, other.audio),
          first(loop, other.loop),
          first(model, other.model),
          first(card, other.card),
          first(threshold, other.threshold),
          first(smoothing, other.smoothing),
          first(refractory, other.refractory));
    }
  }

  /** How it reaches the gateway. */
  record Uplink(
      @Nullable GatewayAddress gateway,
      @Nullable Path ca,
      @Nullable Path certificate,
      @Nullable Path key,
      @Nullable String user,
      @Nullable Path passwordFile,
      @Nullable Duration keepAlive) {

    Uplink over(Uplink other) {
      return new Uplink(
          first(gateway, other.gateway),
          first(ca, other.ca),
          first(certificate, other.certificate),
          first(key, other.key),
          first(user, other.user),
          first(passwordFile, other.passwordFile),
          first(keepAlive, other.keepAlive));
    }
  }

  /**
   * How it reports.
   *
   * @param interval fleet time
   * @param keep how many wait while it is offline
   */
  record Beats(@Nullable Duration interval, @Nullable Integer keep) {
    Beats over(Beats other) {
      return new Beats(first(interval, other.interval), first(keep, other.keep));
    }
  }

  /** This, and where it says nothing, the other. */
  DeviceConfig over(DeviceConfig other) {
    return new DeviceConfig(
        place.over(other.place),
        ear.over(other.ear),
        uplink.over(other.uplink),
        beats.over(other.beats));
  }

  /** The first that is there. */
  static <T> @Nullable T first(@Nullable T one, @Nullable T other) {
    return one == null ? other : one;
  }

  /** What was said, or else the usual. */
  static <T> T or(@Nullable T said, T usual) {
    return said == null ? usual : said;
  }
}
