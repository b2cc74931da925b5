package dev.earshot.gateway.fuzz;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.AppenderBase;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.LoggerFactory;

/**
 * Keeps what must not be in the log because of a client: errors, warnings of the libraries that
 * serve the sockets, and stack traces. Buffers that were not given back are among the errors.
 */
final class LogWatch extends AppenderBase<ILoggingEvent> implements AutoCloseable {
  private static final int ENOUGH = 100;
  private static final String KAFKA_CLIENTS = "org.apache.kafka.clients";

  private final Map<String, LongAdder> complaints = new ConcurrentHashMap<>();
  private final Logger root;

  /** They speak to this one only: a thousand refusals are no help on a console. */
  private final List<Logger> talkative;

  private LogWatch(LoggerContext context) {
    root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    talkative =
        List.of(
            context.getLogger("io.netty"),
            context.getLogger("io.vertx"),
            context.getLogger("dev.earshot.gateway"));
  }

  static LogWatch begin() {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    LogWatch watch = new LogWatch(context);
    watch.setContext(context);
    watch.start();
    watch.root.addAppender(watch);
    for (Logger logger : watch.talkative) {
      logger.setLevel(logger.getEffectiveLevel() == Level.ERROR ? Level.WARN : null);
      logger.setAdditive(false);
      logger.addAppender(watch);
    }
    return watch;
  }

  @Override
  protected void append(ILoggingEvent event) {
    IThrowableProxy thrown = event.getThrowableProxy();
    boolean bySockets =
        event.getLoggerName().startsWith("io.netty")
            || event.getLoggerName().startsWith("io.vertx");
    boolean wrong =
        event.getLevel().isGreaterOrEqual(Level.ERROR)
            || thrown != null
            || bySockets && event.getLevel().isGreaterOrEqual(Level.WARN);
    if (wrong && !isOfTheMachine(event.getLoggerName()) && complaints.size() < ENOUGH) {
      String what = event.getLevel() + " " + event.getLoggerName();
      complaints
          .computeIfAbsent(
              what + " " + event.getFormattedMessage() + (thrown == null ? "" : trace(thrown)),
              ignored -> new LongAdder())
          .increment();
    }
  }

  /** The broker in this process complains when the machine is busy, and so does Vert.x. */
  private static boolean isOfTheMachine(String logger) {
    boolean broker =
        logger.startsWith("kafka.")
            || logger.startsWith("org.apache.kafka") && !logger.startsWith(KAFKA_CLIENTS);
    return broker || logger.endsWith("BlockedThreadChecker");
  }

  private static String trace(IThrowableProxy thrown) {
    StringBuilder text = new StringBuilder("\n").append(thrown.getClassName());
    text.append(": ").append(thrown.getMessage());
    Arrays.stream(thrown.getStackTraceElementProxyArray())
        .limit(12)
        .forEach(frame -> text.append("\n  ").append(frame));
    return text.toString();
  }

  /** What was seen so far, each with how often; empty when all is well. */
  String complaints() {
    StringBuilder text = new StringBuilder();
    complaints.forEach((what, times) -> text.append(times).append(" x ").append(what).append('\n'));
    return text.toString();
  }

  /** Begins anew. */
  void forget() {
    complaints.clear();
  }

  @Override
  public void close() {
    root.detachAppender(this);
    for (Logger logger : talkative) {
      logger.detachAppender(this);
      logger.setAdditive(true);
      logger.setLevel(null);
    }
    stop();
  }
}
