package io.forebay.s3.auth;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.Locale;
import java.util.OptionalLong;

/** The dates of requests, in epoch seconds. */
final class AmzDate {
  private static final DateTimeFormatter BASIC =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT)
          .withResolverStyle(ResolverStyle.STRICT);
  private static final DateTimeFormatter EXTENDED =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss'Z'", Locale.ROOT);

  private AmzDate() {}

  /** Parses {@code yyyyMMdd'T'HHmmss'Z'}; empty when it is something else. */
  static OptionalLong parse(String text) {
    return parse(text, BASIC);
  }

  /** Parses the value of a {@code Date} header; empty when it is something else. */
  static OptionalLong parseHttp(String text) {
    OptionalLong basic = parse(text);
    return basic.isPresent() ? basic : parse(text, DateTimeFormatter.RFC_1123_DATE_TIME);
  }

  static String format(long epochSeconds) {
    return BASIC.format(LocalDateTime.ofEpochSecond(epochSeconds, 0, ZoneOffset.UTC));
  }

  /** As S3 writes dates in error documents. */
  static String formatExtended(long epochSeconds) {
    return EXTENDED.format(Instant.ofEpochSecond(epochSeconds).atOffset(ZoneOffset.UTC));
  }

  private static OptionalLong parse(String text, DateTimeFormatter format) {
    try {
      LocalDateTime parsed = LocalDateTime.parse(text, format);
      return OptionalLong.of(parsed.toEpochSecond(ZoneOffset.UTC));
    } catch (DateTimeException notADate) {
      return OptionalLong.empty();
    }
  }
}
