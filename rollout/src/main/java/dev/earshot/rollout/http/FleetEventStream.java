package dev.earshot.rollout.http;

import dev.earshot.protocol.v1.RolloutSnapshot;
import dev.earshot.rollout.control.ControlPlane;
import dev.earshot.rollout.control.ControlPlane.Entry;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Everything that changes from now on: entries of all audit trails under their kinds, and {@code
 * progress} with a rollout's summary whenever it has changed, at the beginning for every rollout.
 *
 * <p>An event's id says how far each partition was sent ({@code 0-41.3-7}: up to offset 41 of
 * partition 0, and so on). It means the same on every instance, so with {@code Last-Event-ID} a
 * client goes on where it was, wherever it connects; {@code 0} begins with the oldest entry.
 */
final class FleetEventStream extends EventStream {
  private static final String EVERYTHING = "0";
  private static final Pattern PLACE = Pattern.compile("(\\d{1,9})-(\\d{1,18})");

  private final ControlPlane plane;
  private final SortedMap<Integer, Long> sent;
  private final Map<String, RolloutSnapshot> shown = new HashMap<>();
  private int index;

  private FleetEventStream(
      HttpServerResponse response, ControlPlane plane, SortedMap<Integer, Long> sent) {
    super(response);
    this.plane = plane;
    this.sent = sent;
  }

  static void open(RoutingContext ctx, ControlPlane plane) {
    String last = ctx.request().getHeader("Last-Event-ID");
    SortedMap<Integer, Long> places = places(last);
    FleetEventStream stream = new FleetEventStream(ctx.response(), plane, places);
    if (places.isEmpty() && !EVERYTHING.equals(last)) {
      stream.skipWhatIsThere();
    }
    stream.run(ctx);
  }

  @Override
  void look() {
    List<Entry> news = plane.log(index, BATCH);
    for (Entry entry : news) {
      index++;
      if (entry.offset() > sent.getOrDefault(entry.partition(), -1L)) {
        sent.put(entry.partition(), entry.offset());
        write(entry.event().getKind(), id(), RolloutJson.event(entry));
      }
    }
    if (news.size() == BATCH) {
      return;
    }
    for (RolloutSnapshot snapshot : plane.rollouts()) {
      RolloutSnapshot before = shown.put(snapshot.getRollout(), snapshot);
      if (!snapshot.equals(before)) {
        write(PROGRESS, "", RolloutJson.summary(snapshot));
      }
    }
  }

  private void skipWhatIsThere() {
    for (List<Entry> old = plane.log(index, BATCH); !old.isEmpty(); old = plane.log(index, BATCH)) {
      index += old.size();
      old.forEach(entry -> sent.merge(entry.partition(), entry.offset(), Math::max));
    }
  }

  private String id() {
    return sent.entrySet().stream()
        .map(place -> place.getKey() + "-" + place.getValue())
        .collect(Collectors.joining("."));
  }

  private static SortedMap<Integer, Long> places(@Nullable String lastEventId) {
    SortedMap<Integer, Long> places = new TreeMap<>();
    Matcher place = PLACE.matcher(lastEventId == null ? "" : lastEventId);
    while (place.find()) {
      places.put(Integer.valueOf(place.group(1)), Long.valueOf(place.group(2)));
    }
    return places;
  }
}
