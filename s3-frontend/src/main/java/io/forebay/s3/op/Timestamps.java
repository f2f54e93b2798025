package io.forebay.s3.op;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.SignStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * Times as S3 writes and reads them: whole seconds everywhere, so that what a header says and what
 * a listing says compare equal.
 */
public final class Timestamps {
  private static final Map<Long, String> DAYS =
      Map.of(1L, "Mon", 2L, "Tue", 3L, "Wed", 4L, "Thu", 5L, "Fri", 6L, "Sat", 7L, "Sun");
  private static final Map<Long, String> MONTHS =
      Map.ofEntries(
          Map.entry(1L, "Jan"),
          Map.entry(2L, "Feb"),
          Map.entry(3L, "Mar"),
          Map.entry(4L, "Apr"),
          Map.entry(5L, "May"),
          Map.entry(6L, "Jun"),
          Map.entry(7L, "Jul"),
          Map.entry(8L, "Aug"),
          Map.entry(9L, "Sep"),
          Map.entry(10L, "Oct"),
          Map.entry(11L, "Nov"),
          Map.entry(12L, "Dec"));

  /** IMF-fixdate (RFC 9110 section 5.6.7). */
  private static final DateTimeFormatter HTTP =
      new DateTimeFormatterBuilder()
          .appendText(ChronoField.DAY_OF_WEEK, DAYS)
          .appendLiteral(", ")
          .appendValue(ChronoField.DAY_OF_MONTH, 2)
          .appendLiteral(' ')
          .appendText(ChronoField.MONTH_OF_YEAR, MONTHS)
          .appendLiteral(' ')
          .appendValue(ChronoField.YEAR, 4)
          .appendPattern(" HH:mm:ss 'GMT'")
          .toFormatter(Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private static final DateTimeFormatter ISO =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss'.000Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  /** The two obsolete forms that RFC 9110 wants accepted: RFC 850's and asctime's. */
  private static final DateTimeFormatter RFC_850 =
      DateTimeFormatter.ofPattern("EEEE, dd-MMM-uu HH:mm:ss 'GMT'", Locale.US)
          .withZone(ZoneOffset.UTC);

  private static final DateTimeFormatter ASCTIME =
      new DateTimeFormatterBuilder()
          .appendPattern("EEE MMM ")
          .padNext(2)
          .appendValue(ChronoField.DAY_OF_MONTH, 1, 2, SignStyle.NOT_NEGATIVE)
          .appendPattern(" HH:mm:ss uuuu")
          .toFormatter(Locale.US)
          .withZone(ZoneOffset.UTC);

  private static final List<DateTimeFormatter> READABLE =
      List.of(HTTP, RFC_850, ASCTIME, DateTimeFormatter.ISO_OFFSET_DATE_TIME);

  private Timestamps() {}

  /** Whole seconds of nanoseconds since 1970-01-01T00:00:00Z, downwards. */
  public static long seconds(long epochNanos) {
    return Math.floorDiv(epochNanos, TimeUnit.SECONDS.toNanos(1));
  }

  /** For header fields: {@code Wed, 21 Oct 2015 07:28:00 GMT}. */
  public static String http(long epochNanos) {
    return HTTP.format(Instant.ofEpochSecond(seconds(epochNanos)));
  }

  /** For documents: {@code 2015-10-21T07:28:00.000Z}. */
  public static String iso(long epochNanos) {
    return ISO.format(Instant.ofEpochSecond(seconds(epochNanos)));
  }

  /** Reads a date of a header field, to whole seconds since 1970; empty for what is none. */
  public static OptionalLong parseSeconds(String text) {
    for (DateTimeFormatter each : READABLE) {
      try {
        Instant time =
            each == DateTimeFormatter.ISO_OFFSET_DATE_TIME
                ? OffsetDateTime.parse(text, each).toInstant()
                : Instant.from(each.parse(text));
        return OptionalLong.of(time.truncatedTo(ChronoUnit.SECONDS).getEpochSecond());
      } catch (DateTimeException notThisForm) {
        // The next form may fit.
      }
    }
    return OptionalLong.empty();
  }
}
