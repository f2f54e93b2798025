package io.forebay.s3.xml;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.forebay.engine.ObjectView;
import io.forebay.s3.op.S3Exception;
import io.forebay.s3.op.Tags;

/** Whatever a client sends as a document is read within its bounds, or refused with 400 or 501. */
class DocumentsFuzzTest {
  @FuzzTest(maxDuration = "30s")
  void documents(byte[] document) {
    attempt(() ->
        assertThat(RequestDocuments.deletions(document).victims())
            .hasSizeBetween(1, RequestDocuments.MAX_DELETIONS));
    attempt(
        () -> assertThat(RequestDocuments.parts(document)).hasSizeBetween(1, ObjectView.MAX_PARTS));
    attempt(
        () -> assertThat(RequestDocuments.tagging(document)).hasSizeLessThan(Tags.MAX_TAGS + 1));
    attempt(() -> assertThat(RequestDocuments.location(document)).isNotNull());
  }

  private static void attempt(Runnable reading) {
    try {
      reading.run();
    } catch (S3Exception refused) {
      assertThat(refused.error().status()).isIn(400, 501);
    }
  }
}
