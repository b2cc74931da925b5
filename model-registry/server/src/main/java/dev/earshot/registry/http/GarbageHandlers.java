package dev.earshot.registry.http;

import dev.earshot.protocol.problem.ProblemException;
import dev.earshot.protocol.problem.ProblemType;
import dev.earshot.registry.gc.GarbageCollector;
import dev.earshot.registry.gc.GcReport;
import dev.earshot.registry.gc.GcReport.Amount;
import dev.earshot.registry.ledger.LedgerUnavailableException;
import dev.earshot.service.HttpEdge;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Garbage collection when an operator asks for it. */
final class GarbageHandlers {
  private static final Logger LOG = LoggerFactory.getLogger(GarbageHandlers.class);

  private final Vertx vertx;
  private final GarbageCollector collector;

  GarbageHandlers(Vertx vertx, GarbageCollector collector) {
    this.vertx = vertx;
    this.collector = collector;
  }

  /** A report as it is told. */
  record View(
      boolean dryRun,
      String startedAt,
      long graceSeconds,
      Amount used,
      Amount linked,
      Amount young,
      Amount spared,
      Amount deleted,
      int missingManifests,
      List<Entry> blobs) {
    static View of(GcReport report) {
      return new View(
          report.dryRun(),
          report.startedAt().toString(),
          report.grace().toSeconds(),
          report.used(),
          report.linked(),
          report.young(),
          report.spared(),
          report.deleted(),
          report.missing(),
          report.blobs().stream()
              .map(blob -> new Entry(blob.digest(), blob.bytes(), blob.modified().toString()))
              .toList());
    }
  }

  /** One blob that was, or would be, deleted. */
  record Entry(String digest, long bytes, String modified) {}

  /** POST: answers when it is done. */
  void collect(RoutingContext ctx) {
    boolean dryRun = dryRun(ctx);
    vertx
        .executeBlocking(() -> collector.collect(dryRun), false)
        .onSuccess(report -> answer(ctx, report))
        .onFailure(failure -> fail(ctx, failure));
  }

  private static boolean dryRun(RoutingContext ctx) {
    String text = ctx.request().getParam("dry_run", "false");
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default ->
          throw new ProblemException(
              ProblemType.INVALID_REQUEST, "dry_run: '" + text + "' (expected: true or false)");
    };
  }

  private static void answer(RoutingContext ctx, Optional<GcReport> report) {
    if (report.isEmpty()) {
      ctx.fail(
          new ProblemException(
              ProblemType.CONFLICT, "a garbage collection runs already (fix: ask again later)"));
    } else {
      HttpEdge.json(ctx, 200, View.of(report.get()));
    }
  }

  private static void fail(RoutingContext ctx, Throwable failure) {
    LOG.warn("Garbage was not collected: {}", failure.toString());
    ctx.fail(
        failure instanceof IOException || failure instanceof LedgerUnavailableException
            ? new ProblemException(
                ProblemType.UNAVAILABLE, "garbage was not collected: " + failure.getMessage())
            : failure);
  }
}
