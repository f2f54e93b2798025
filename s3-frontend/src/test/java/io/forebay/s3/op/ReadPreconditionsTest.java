package io.forebay.s3.op;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.engine.InodeId;
import io.forebay.engine.ObjectInfo;
import io.forebay.engine.ObjectKey;
import io.forebay.engine.ObjectProperties;
import io.forebay.s3.http.Headers;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The whole truth table; "yes" matches the object, "no" does not, "-" is not given. */
class ReadPreconditionsTest {
  private static final long MODIFIED = 1_445_412_480L;
  private static final String ETAG = "0cc175b9c0f1b6a831c399e269772661";
  private static final ObjectInfo OBJECT =
      new ObjectInfo(
          ObjectKey.of("a"),
          ETAG,
          1,
          TimeUnit.SECONDS.toNanos(MODIFIED) + 999_999_999,
          ObjectProperties.NONE,
          new InodeId(1),
          0);

  /**
   * Columns: If-Match matches; If-None-Match matches; If-Modified-Since lies before the change;
   * If-Unmodified-Since does not lie before it.
   */
  @ParameterizedTest
  @CsvSource({
    "-,   -,   -,   -,   HOLD",
    "yes, -,   -,   -,   HOLD",
    "no,  -,   -,   -,   FAILED",
    "-,   yes, -,   -,   NOT_MODIFIED",
    "-,   no,  -,   -,   HOLD",
    "-,   -,   yes, -,   HOLD",
    "-,   -,   no,  -,   NOT_MODIFIED",
    "-,   -,   -,   yes, HOLD",
    "-,   -,   -,   no,  FAILED",
    "yes, -,   -,   no,  HOLD",
    "no,  -,   -,   yes, FAILED",
    "-,   no,  no,  -,   HOLD",
    "-,   yes, yes, -,   NOT_MODIFIED",
    "yes, yes, -,   -,   NOT_MODIFIED",
    "no,  yes, -,   -,   FAILED",
    "yes, no,  -,   -,   HOLD",
    "-,   -,   no,  no,  FAILED",
    "-,   -,   no,  yes, NOT_MODIFIED",
    "yes, -,   no,  no,  NOT_MODIFIED",
    "-,   yes, -,   no,  FAILED",
    "yes, no,  no,  no,  HOLD",
  })
  void decide(String match, String noneMatch, String modified, String unmodified, String outcome) {
    Headers headers = Headers.NONE;
    headers = with(headers, "If-Match", match, '"' + ETAG + '"', "\"other\"");
    headers = with(headers, "If-None-Match", noneMatch, '"' + ETAG + '"', "\"other\"");
    headers = with(headers, "If-Modified-Since", modified, http(-1), http(0));
    headers = with(headers, "If-Unmodified-Since", unmodified, http(0), http(-1));
    assertThat(ReadPreconditions.of(headers, "").check(OBJECT).outcome().name()).isEqualTo(outcome);
  }

  private static Headers with(Headers headers, String name, String given, String yes, String no) {
    return switch (given) {
      case "-" -> headers;
      case "yes" -> headers.with(name, yes);
      default -> headers.with(name, no);
    };
  }

  private static String http(long secondsAfterTheChange) {
    return Timestamps.http(TimeUnit.SECONDS.toNanos(MODIFIED + secondsAfterTheChange));
  }

  @ParameterizedTest
  @CsvSource({
    "*, true",
    "0cc175b9c0f1b6a831c399e269772661, true",
    "W/\"0cc175b9c0f1b6a831c399e269772661\", true",
    "'\"x\", \"0cc175b9c0f1b6a831c399e269772661\"', true",
    "\"\", false",
    "'', false",
  })
  void etagsComeInManyForms(String text, boolean matches) {
    assertThat(EntityTags.matches(text, ETAG)).isEqualTo(matches);
  }

  @ParameterizedTest
  @CsvSource({
    "'Wed, 21 Oct 2015 07:28:00 GMT'",
    "'Wednesday, 21-Oct-15 07:28:00 GMT'",
    "'Wed Oct 21 07:28:00 2015'",
    "2015-10-21T07:28:00Z",
    "2015-10-21T09:28:00.999+02:00",
  })
  void datesComeInFourForms(String text) {
    assertThat(Timestamps.parseSeconds(text)).hasValue(MODIFIED);
  }

  @Test
  void asctimePadsTheDayWithABlank() {
    assertThat(Timestamps.parseSeconds("Sun Nov  6 08:49:37 1994")).hasValue(784_111_777L);
  }

  @Test
  void whatIsNoDateIsIgnored() {
    Headers headers = Headers.of("If-Modified-Since", "yesterday", "If-Unmodified-Since", "0");
    assertThat(ReadPreconditions.of(headers, "").check(OBJECT).outcome())
        .isEqualTo(ReadPreconditions.Outcome.HOLD);
  }

  @Test
  void datesAreWrittenInTwoFormsInWholeSeconds() {
    long nanos = TimeUnit.SECONDS.toNanos(MODIFIED) + 999_999_999;
    assertThat(Timestamps.http(nanos)).isEqualTo("Wed, 21 Oct 2015 07:28:00 GMT");
    assertThat(Timestamps.iso(nanos)).isEqualTo("2015-10-21T07:28:00.000Z");
    assertThat(Timestamps.http(-1)).isEqualTo("Wed, 31 Dec 1969 23:59:59 GMT");
    assertThat(Timestamps.iso(-1)).isEqualTo("1969-12-31T23:59:59.000Z");
    assertThat(Timestamps.http(TimeUnit.DAYS.toNanos(4)))
        .isEqualTo("Mon, 05 Jan 1970 00:00:00 GMT");
  }
}
