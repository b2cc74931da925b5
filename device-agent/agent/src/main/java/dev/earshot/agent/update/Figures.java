package dev.earshot.agent.update;

import dev.earshot.protocol.v1.Environment;
import dev.earshot.protocol.v1.Heartbeat;
import java.util.ArrayList;
import java.util.List;

/**
 * What one model did lately on this device, by environment; the sums of its intervals. Once they
 * cover more than a week of listening all are halved, so that what is long past fades.
 */
public record Figures(List<Place> places) {
  /** Of a model that has just begun. */
  public static final Figures NONE = new Figures(List.of());

  private static final long RECENT_MILLIS = 7 * 86_400_000L;

  public Figures {
    places = List.copyOf(places);
  }

  /**
   * In one environment.
   *
   * @param listeningMillis the exposure of the counts
   * @param energyMicrojoules that the neural decision processor used
   */
  public record Place(
      Environment environment,
      long listeningMillis,
      long wakes,
      long falseAccepts,
      long energyMicrojoules) {

    private Place plus(Place other) {
      return new Place(
          environment,
          listeningMillis + other.listeningMillis,
          wakes + other.wakes,
          falseAccepts + other.falseAccepts,
          energyMicrojoules + other.energyMicrojoules);
    }

    private Place half() {
      return new Place(
          environment,
          listeningMillis / 2,
          (wakes + 1) / 2,
          (falseAccepts + 1) / 2,
          energyMicrojoules / 2);
    }
  }

  /** With one interval more. */
  public Figures plus(Heartbeat.Builder interval) {
    Place more =
        new Place(
            interval.getEnvironment(),
            interval.getListeningMs(),
            interval.getWakes(),
            interval.getFalseAccepts(),
            interval.getNdpEnergyUj());
    List<Place> next = new ArrayList<>();
    Place sum = more;
    for (Place place : places) {
      if (place.environment() == more.environment()) {
        sum = place.plus(more);
      } else {
        next.add(place);
      }
    }
    next.add(sum);
    Figures all = new Figures(next);
    return all.listeningMillis() > RECENT_MILLIS
        ? new Figures(next.stream().map(Place::half).toList())
        : all;
  }

  /** In that environment; zeros when it was never there. */
  public Place in(Environment environment) {
    return places.stream()
        .filter(place -> place.environment() == environment)
        .findFirst()
        .orElse(new Place(environment, 0, 0, 0, 0));
  }

  long listeningMillis() {
    return places.stream().mapToLong(Place::listeningMillis).sum();
  }

  long energyMicrojoules() {
    return places.stream().mapToLong(Place::energyMicrojoules).sum();
  }
}
