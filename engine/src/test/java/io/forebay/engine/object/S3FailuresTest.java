package io.forebay.engine.object;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.engine.object.StoreException.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Amazon S3 API reference, "Error responses". */
class S3FailuresTest {
  @ParameterizedTest
  @CsvSource({
    "NoSuchKey, 404, MISSING, MISSING",
    "NoSuchBucket, 404, REFUSED, REFUSED",
    "'', 404, MISSING, MISSING",
    "PreconditionFailed, 412, CONFLICT, CONFLICT",
    "ConditionalRequestConflict, 409, DOWN, DOWN",
    "SlowDown, 503, THROTTLED, THROTTLED",
    "ServiceUnavailable, 503, THROTTLED, THROTTLED",
    "TooManyRequests, 429, THROTTLED, THROTTLED",
    "InternalError, 500, AMBIGUOUS, DOWN",
    "'', 502, AMBIGUOUS, DOWN",
    "'', 504, AMBIGUOUS, DOWN",
    "NotImplemented, 501, REFUSED, REFUSED",
    "RequestTimeout, 400, DOWN, DOWN",
    "InvalidRange, 416, CORRUPT, CORRUPT",
    "BadDigest, 400, CORRUPT, CORRUPT",
    "AccessDenied, 403, REFUSED, REFUSED",
    "InvalidAccessKeyId, 403, REFUSED, REFUSED",
    "PermanentRedirect, 301, REFUSED, REFUSED",
  })
  void whatAnAnswerMeans(String code, int status, Kind ofAWrite, Kind ofARead) {
    Exception answer =
        S3Exception.builder()
            .statusCode(status)
            .awsErrorDetails(AwsErrorDetails.builder().errorCode(code).build())
            .message("made up")
            .build();
    assertThat(S3Failures.translate("put", "a", true, answer).kind()).isEqualTo(ofAWrite);
    assertThat(S3Failures.translate("get", "a", false, answer).kind()).isEqualTo(ofARead);
  }

  private static SdkClientException because(Throwable cause) {
    return SdkClientException.builder().message("made up").cause(cause).build();
  }

  @Test
  void anAnswerThatNeverCameLeavesAWriteOpen() {
    Exception timeout = because(new SocketTimeoutException("made up"));
    assertThat(S3Failures.translate("put", "a", true, timeout).kind()).isEqualTo(Kind.AMBIGUOUS);
    assertThat(S3Failures.translate("get", "a", false, timeout).kind()).isEqualTo(Kind.DOWN);
  }

  @Test
  void whatWasNeverSentDidNothing() {
    Exception refused = because(new IOException(new ConnectException("refused")));
    assertThat(S3Failures.translate("put", "a", true, refused).kind()).isEqualTo(Kind.DOWN);
    Exception body = new UncheckedIOException(new IOException("the body cannot be read"));
    assertThat(S3Failures.translate("put", "a", true, body).kind()).isEqualTo(Kind.DOWN);
  }

  @Test
  void missingCredentialsAreFinal() {
    Exception none =
        SdkClientException.create("Unable to load credentials from any of the providers");
    assertThat(S3Failures.translate("put", "a", true, none).kind()).isEqualTo(Kind.REFUSED);
  }
}
