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

  private final Map<String, LongAdder> complaints = new ConcurrentHashMap<>();
  private final Logger root;
  private final List<Logger> sockets;

  private LogWatch(LoggerContext context) {
    root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    sockets = List.of(context.getLogger("io.netty"), context.getLogger("io.vertx"));
  }

  static LogWatch begin() {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    LogWatch watch = new LogWatch(context);
    watch.setContext(context);
    watch.start();
    watch.sockets.forEach(logger -> logger.setLevel(Level.WARN));
    watch.root.addAppender(watch);
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
    if (wrong && complaints.size() < ENOUGH) {
      String what = event.getLevel() + " " + event.getLoggerName();
      complaints
          .computeIfAbsent(
              what + " " + event.getFormattedMessage() + (thrown == null ? "" : trace(thrown)),
              ignored -> new LongAdder())
          .increment();
    }
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

  @Override
  public void close() {
    root.detachAppender(this);
    sockets.forEach(logger -> logger.setLevel(null));
    stop();
  }
}
