package io.forebay.s3.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.forebay.engine.ByteRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9110 section 14.1.2, and what S3 makes of it. */
class RangeHeaderTest {
  @ParameterizedTest
  @CsvSource({
    "bytes=0-0, 10, 0, 1",
    "bytes=0-9, 10, 0, 10",
    "bytes=0-, 10, 0, 10",
    "bytes=3-, 10, 3, 7",
    "bytes=9-, 10, 9, 1",
    "bytes=3-5, 10, 3, 3",
    "bytes=3-100, 10, 3, 7",
    "bytes=3-99999999999999999999999, 10, 3, 7",
    "bytes=-1, 10, 9, 1",
    "bytes=-10, 10, 0, 10",
    "bytes=-11, 10, 0, 10",
    "bytes=-99999999999999999999999, 10, 0, 10",
    "bytes=000-001, 10, 0, 2",
    "BYTES=1-2, 10, 1, 2",
    "'bytes= 1 - 2 ', 10, 1, 2",
    "bytes=0-4294967296, 8589934592, 0, 4294967297",
    "bytes=-4294967296, 8589934592, 4294967296, 4294967296",
  })
  void meansARunOfBytes(String text, long size, long offset, long length) {
    assertThat(RangeHeader.parse(text).orElseThrow().of(size))
        .isEqualTo(new ByteRange(offset, length));
  }

  @ParameterizedTest
  @CsvSource({
    "bytes=10-, 10",
    "bytes=10-20, 10",
    "bytes=-0, 10",
    "bytes=0-, 0",
    "bytes=0-0, 0",
    "bytes=-5, 0",
    "bytes=99999999999999999999999-, 10",
  })
  void beyondTheEndIsAnError(String text, long size) {
    RangeHeader range = RangeHeader.parse(text).orElseThrow();
    S3Exception failure = catchThrowableOfType(S3Exception.class, () -> range.of(size));
    assertThat(failure.error()).isEqualTo(S3Error.INVALID_RANGE);
    assertThat(failure.details())
        .containsEntry("RangeRequested", text)
        .containsEntry("ActualObjectSize", Long.toString(size));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "bytes",
        "bytes=",
        "bytes=-",
        "bytes=5-4",
        "bytes=0-1,3-4",
        "bytes=a-b",
        "bytes=1-2x",
        "bytes=+1-2",
        "bytes=--1",
        "items=0-1",
        "0-1",
      })
  void whatS3DoesNotReadIsIgnored(String text) {
    assertThat(RangeHeader.parse(text)).isEmpty();
  }
}
