package io.forebay.s3.handler;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.s3.http.Response;
import io.forebay.s3.http.ResponseBody;
import io.forebay.s3.op.Heads;
import io.forebay.s3.op.S3Error;
import io.forebay.s3.op.S3Exception;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ErrorMappingTest {
  private static final ErrorAnswers ERRORS = new ErrorAnswers("host");

  @ParameterizedTest
  @EnumSource(ErrorCode.class)
  void whatMayPassIsAnsweredWithServerErrorsOnly(ErrorCode code) {
    int status = ErrorMapping.of(new EngineException(code, "why")).error().status();
    if (code.isTransient()) {
      assertThat(status).isIn(500, 503);
    }
    // A client that repeats what cannot succeed would do so for ever.
    if (status == 503) {
      assertThat(code)
          .isIn(
              ErrorCode.THROTTLED,
              ErrorCode.UNAVAILABLE,
              ErrorCode.SHUTTING_DOWN,
              ErrorCode.FENCED,
              ErrorCode.STALE);
    }
  }

  @ParameterizedTest
  @EnumSource(ErrorCode.class)
  void aClientsMistakeHasNoCause(ErrorCode code) {
    S3Exception mapped = ErrorMapping.of(new EngineException(code, "why"));
    if (mapped.error().status() < 500) {
      assertThat(mapped.getCause()).isNull();
    }
    assertThat(mapped.getStackTrace())
        .satisfiesAnyOf(
            trace -> assertThat(trace).isEmpty(),
            trace -> assertThat(mapped.getCause()).isNotNull());
  }

  @Test
  void throttlingAndOutageAskToComeBack() {
    for (ErrorCode code : new ErrorCode[] {ErrorCode.THROTTLED, ErrorCode.UNAVAILABLE}) {
      Response answer = answer("GET", ErrorMapping.of(new EngineException(code, "why")));
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.headers().first("Retry-After")).hasValue("1");
    }
    assertThat(ErrorMapping.errorOf(ErrorCode.THROTTLED)).isEqualTo(S3Error.SLOW_DOWN);
    assertThat(ErrorMapping.errorOf(ErrorCode.UNAVAILABLE)).isEqualTo(S3Error.SERVICE_UNAVAILABLE);
    assertThat(ErrorMapping.errorOf(ErrorCode.NO_SPACE).status()).isEqualTo(507);
    assertThat(ErrorMapping.errorOf(ErrorCode.QUOTA_EXCEEDED).status()).isEqualTo(507);
  }

  @Test
  void lostBytesAreLoud() {
    S3Exception mapped = ErrorMapping.of(new EngineException(ErrorCode.CORRUPT, "file 7, 0-9"));
    assertThat(mapped.error().status()).isEqualTo(500);
    assertThat(mapped.getCause()).hasMessage("file 7, 0-9");
  }

  @Test
  void aDefectSaysNothingOfItself() {
    S3Exception mapped = ErrorMapping.of(new IllegalStateException("secret"));
    assertThat(mapped.error()).isEqualTo(S3Error.INTERNAL_ERROR);
    assertThat(text(answer("GET", mapped))).doesNotContain("secret");
    assertThat(mapped.getCause()).hasMessage("secret");
  }

  @ParameterizedTest
  @EnumSource(S3Error.class)
  void everyErrorIsADocument(S3Error error) {
    Response answer = answer("GET", new S3Exception(error));
    assertThat(answer.status()).isEqualTo(error.status());
    if (error.status() == 304) {
      assertThat(answer.body()).isInstanceOf(ResponseBody.Empty.class);
      return;
    }
    assertThat(answer.headers().first("Content-Type")).hasValue("application/xml");
    assertThat(text(answer))
        .isEqualTo(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>"
                + error.code()
                + "</Code><Message>"
                + error.message()
                + "</Message><Resource>/bucket/k&lt;&amp;\uFFFDey</Resource>"
                + "<RequestId>4442587FB7D0A2F9</RequestId><HostId>host</HostId></Error>");
    assertThat(answer("HEAD", new S3Exception(error)).body())
        .isInstanceOf(ResponseBody.Absent.class);
  }

  private static Response answer(String method, S3Exception failure) {
    return ERRORS.of(Heads.of(method, "/bucket/k%3C%26%01ey"), failure);
  }

  private static String text(Response answer) {
    return new String(((ResponseBody.Bytes) answer.body()).bytes(), StandardCharsets.UTF_8);
  }
}
