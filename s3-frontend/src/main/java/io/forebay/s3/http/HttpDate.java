package io.forebay.s3.http;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Dates of header fields (RFC 9110 section 5.6.7). */
public final class HttpDate {
  private static final DateTimeFormatter FORMAT =
      DateTimeFormatter.ofPattern("EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private HttpDate() {}

  /** As it stands in {@code Date} and {@code Last-Modified}. */
  public static String format(long epochSeconds) {
    return FORMAT.format(Instant.ofEpochSecond(epochSeconds));
  }
}
