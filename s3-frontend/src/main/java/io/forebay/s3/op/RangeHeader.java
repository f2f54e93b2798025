package io.forebay.s3.op;

import io.forebay.engine.ByteRange;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A {@code Range} header that asks for one run of bytes (RFC 9110 section 14.1.2). S3 answers
 * several ranges, other units and what it cannot read as if no range had been asked for.
 *
 * @param first the first byte, or -1: {@code last} counts from the end
 * @param last the last byte, at least {@code first}; {@link Long#MAX_VALUE}: to the end
 * @param text as it came
 */
public record RangeHeader(long first, long last, String text) {
  private static final Pattern ONE =
      Pattern.compile("bytes=\\s*(\\d*)\\s*-\\s*(\\d*)\\s*", Pattern.CASE_INSENSITIVE);

  /** Reads one; empty when it is to be ignored. */
  public static Optional<RangeHeader> parse(String text) {
    Matcher matcher = ONE.matcher(text.strip());
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String from = matcher.group(1);
    String to = matcher.group(2);
    if (from.isEmpty()) {
      return to.isEmpty()
          ? Optional.empty()
          : Optional.of(new RangeHeader(-1, saturated(to), text));
    }
    long first = saturated(from);
    long last = to.isEmpty() ? Long.MAX_VALUE : saturated(to);
    return first > last ? Optional.empty() : Optional.of(new RangeHeader(first, last, text));
  }

  /** A number of any length; what no object reaches is one number. */
  private static long saturated(String digits) {
    String significant = digits.replaceFirst("^0+(?=.)", "");
    return significant.length() > 18 ? Long.MAX_VALUE : Long.parseLong(significant);
  }

  /**
   * What of an object it means; one byte or more.
   *
   * @throws S3Exception {@link S3Error#INVALID_RANGE} when that is nothing
   */
  public ByteRange of(long size) {
    long start = first < 0 ? Math.max(0, size - last) : first;
    long end = first < 0 || last >= size ? size : last + 1;
    if (start >= end) {
      throw new S3Exception(S3Error.INVALID_RANGE)
          .with("RangeRequested", text)
          .with("ActualObjectSize", Long.toString(size));
    }
    return new ByteRange(start, end - start);
  }
}
