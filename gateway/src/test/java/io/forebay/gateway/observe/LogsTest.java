package io.forebay.gateway.observe;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.ClassicConstants;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

@ResourceLock(Resources.SYSTEM_ERR)
class LogsTest {
  private final ByteArrayOutputStream captured = new ByteArrayOutputStream();
  private final PrintStream original = System.err;

  @BeforeEach
  void capture() {
    System.setErr(new PrintStream(captured, true, StandardCharsets.UTF_8));
  }

  @AfterEach
  void restore() throws Exception {
    System.setErr(original);
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    JoranConfigurator configurator = new JoranConfigurator();
    configurator.setContext(context);
    configurator.doConfigure(
        Objects.requireNonNull(
            getClass().getResource("/" + ClassicConstants.TEST_AUTOCONFIG_FILE)));
  }

  private String log(Level level) {
    Logs.configure(level);
    Logger log = LoggerFactory.getLogger("io.forebay.some.Place");
    log.debug("quiet");
    log.atInfo().setMessage("served").addKeyValue("client", "10.0.0.1").log();
    log.error("a file named \"a\n2026 ERROR forged\"");
    LoggerFactory.getLogger("io.netty.Thing").info("netty tells");
    return captured.toString(StandardCharsets.UTF_8);
  }

  @Test
  void anEventIsALineWithItsLevelWhateverIsInIt() {
    assertThat(log(Level.INFO).lines())
        .hasSize(2)
        .anyMatch(line ->
            line.matches(
                "\\d{4}-\\d\\d-\\d\\dT\\S+ INFO  Place \\[.*\\] served client=\"10.0.0.1\""))
        .anyMatch(line -> line.contains(" ERROR Place ") && line.contains("\"a | 2026 ERROR"));
  }

  @Test
  void theLevelIsTheConfiguredOne() {
    assertThat(log(Level.ERROR).lines()).hasSize(1);
    captured.reset();
    assertThat(log(Level.DEBUG)).contains("quiet").contains("netty tells");
  }
}
