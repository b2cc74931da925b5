package dev.earshot.registry.http;

import dev.earshot.registry.ledger.RegistryLedger;
import dev.earshot.registry.release.Admission;
import dev.earshot.registry.release.RefusalReason;
import io.prometheus.client.Collector;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.GaugeMetricFamily;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/**
 * What the registry counts. Publishing balances: requests to publish that were authenticated and
 * decided = published + repeated + refused.
 */
final class RegistryMetrics {
  private static final String ROUTE = "earshot-route";
  private static final String OTHER = "other";

  private final Counter requests;
  private final Counter blobBytes;
  private final Counter uploadedBytes;
  private final Counter published;
  private final Counter repeated;
  private final Counter refusals;

  RegistryMetrics(CollectorRegistry registry, RegistryLedger ledger) {
    requests =
        Counter.build("earshot_registry_requests_total", "Requests answered")
            .labelNames("route", "status")
            .register(registry);
    blobBytes =
        Counter.build("earshot_registry_blob_sent_bytes_total", "Bytes of blobs sent")
            .register(registry);
    uploadedBytes =
        Counter.build("earshot_registry_blob_stored_bytes_total", "Bytes of blobs taken and kept")
            .register(registry);
    published =
        Counter.build("earshot_registry_releases_published_total", "Releases published here")
            .register(registry);
    repeated =
        Counter.build(
                "earshot_registry_releases_repeated_total", "Releases that were there already")
            .register(registry);
    refusals =
        Counter.build("earshot_registry_release_refusals_total", "Releases refused")
            .labelNames("reason")
            .register(registry);
    for (RefusalReason reason : RefusalReason.values()) {
      refusals.labels(reason.label());
    }
    new Collector() {
      @Override
      public List<MetricFamilySamples> collect() {
        return List.of(
            new GaugeMetricFamily(
                "earshot_registry_releases",
                "Releases that this registry knows",
                ledger.state().catalog().size()));
      }
    }.register(registry);
    new Collector() {
      @Override
      public List<MetricFamilySamples> collect() {
        return List.of(expiry(ledger));
      }
    }.register(registry);
  }

  /** What somebody has to sign again, and by when; by the fleet's clock. */
  private static GaugeMetricFamily expiry(RegistryLedger ledger) {
    GaugeMetricFamily expiry =
        new GaugeMetricFamily(
            "earshot_registry_trust_expiry_timestamp_seconds",
            "When the newest signed metadata of a role expires, Unix time of the fleet's clock",
            List.of("side", "role"));
    ledger
        .state()
        .signed()
        .ifPresent(
            signed -> {
              signed
                  .image()
                  .expiries()
                  .forEach(
                      (role, at) ->
                          expiry.addMetric(List.of("image", role), (double) at.getEpochSecond()));
              expiry.addMetric(
                  List.of("director", "root"),
                  (double) signed.director().root().metadata().expires().getEpochSecond());
            });
    return expiry;
  }

  /** Counts the request once it was answered, by the route that {@link #route} named. */
  void observe(RoutingContext ctx) {
    ctx.addEndHandler(
        ended -> {
          String route = ctx.<String>get(ROUTE, OTHER);
          requests.labels(route, Integer.toString(ctx.response().getStatusCode())).inc();
          if (route.equals(OciRoute.BLOB.label())) {
            blobBytes.inc(ctx.response().bytesWritten());
          }
        });
    ctx.next();
  }

  /** Names the route of a request. */
  void route(RoutingContext ctx, ApiRoute route) {
    ctx.put(ROUTE, route.method() + " " + route.template());
    ctx.next();
  }

  /** Names the route of a request. */
  void route(RoutingContext ctx, OciRoute route) {
    ctx.put(ROUTE, route.label());
    ctx.next();
  }

  void stored(long bytes) {
    uploadedBytes.inc(bytes);
  }

  void decided(Admission admission) {
    switch (admission) {
      case Admission.Added ignored -> published.inc();
      case Admission.AlreadyThere ignored -> repeated.inc();
      case Admission.Refused refused -> refusals.labels(refused.refusal().reason().label()).inc();
    }
  }
}
