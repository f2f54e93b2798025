package io.forebay.gateway.observe;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log: standard error, one line an event, followed by a stack trace only for defects of ours.
 */
public final class Logs {
  /** Line breaks inside a message are data, perhaps of a client: they stay in their line. */
  private static final String PATTERN =
      "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level %logger{0} [%thread] "
          + "%replace(%replace(%msg %kvp{DOUBLE}){'[\\r\\n]+', ' | '}){' $', ''}%n";

  /** Libraries that tell at INFO and below what only their authors need. */
  private static final List<String> QUIET =
      List.of("io.netty", "software.amazon.awssdk", "org.apache", "io.micrometer", "io.prometheus");

  private Logs() {}

  /** Sets up logging, or sets it up anew. Later events go by {@code level}. */
  public static void configure(org.slf4j.event.Level level) {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern(PATTERN);
    encoder.start();
    ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
    appender.setContext(context);
    appender.setName("stderr");
    appender.setTarget("System.err");
    appender.setEncoder(encoder);
    appender.start();
    ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.convertAnSLF4JLevel(level));
    root.addAppender(appender);
    if (level.toInt() > org.slf4j.event.Level.DEBUG.toInt()) {
      QUIET.forEach(name -> context.getLogger(name).setLevel(Level.WARN));
    }
  }
}
