package io.forebay.s3.op;

import io.forebay.engine.ObjectInfo;
import io.forebay.s3.http.Headers;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The conditions of a read, or on the source of a copy. An ETag decides over a date of the same
 * direction (S3 API reference, GetObject; RFC 9110 section 13.2.2). Dates that cannot be read are
 * ignored.
 */
public record ReadPreconditions(
    Optional<String> ifMatch,
    Optional<String> ifNoneMatch,
    OptionalLong ifModifiedSince,
    OptionalLong ifUnmodifiedSince) {

  /** What they say about an object. */
  public enum Outcome {
    HOLD,
    /** The reader has it already. */
    NOT_MODIFIED,
    /** A condition for doing anything at all does not hold. */
    FAILED
  }

  /** An outcome and the header behind it. */
  public record Verdict(Outcome outcome, String header) {}

  private static final Verdict HOLD = new Verdict(Outcome.HOLD, "");

  /**
   * Takes them from header fields.
   *
   * @param prefix before {@code if-match} and so on: empty, or {@code x-amz-copy-source-}
   */
  public static ReadPreconditions of(Headers headers, String prefix) {
    return new ReadPreconditions(
        headers.first(prefix + "if-match"),
        headers.first(prefix + "if-none-match"),
        date(headers.first(prefix + "if-modified-since")),
        date(headers.first(prefix + "if-unmodified-since")));
  }

  private static OptionalLong date(Optional<String> text) {
    return text.map(Timestamps::parseSeconds).orElse(OptionalLong.empty());
  }

  /** Decides. */
  public Verdict check(ObjectInfo info) {
    long modified = Timestamps.seconds(info.lastModifiedNanos());
    if (ifMatch.isPresent()) {
      if (!EntityTags.matches(ifMatch.get(), info.etag())) {
        return new Verdict(Outcome.FAILED, "If-Match");
      }
    } else if (ifUnmodifiedSince.isPresent() && modified > ifUnmodifiedSince.getAsLong()) {
      return new Verdict(Outcome.FAILED, "If-Unmodified-Since");
    }
    if (ifNoneMatch.isPresent()) {
      if (EntityTags.matches(ifNoneMatch.get(), info.etag())) {
        return new Verdict(Outcome.NOT_MODIFIED, "If-None-Match");
      }
    } else if (ifModifiedSince.isPresent() && modified <= ifModifiedSince.getAsLong()) {
      return new Verdict(Outcome.NOT_MODIFIED, "If-Modified-Since");
    }
    return HOLD;
  }

  /**
   * For the source of a copy: whatever does not hold is a failure.
   *
   * @throws S3Exception {@link S3Error#PRECONDITION_FAILED}
   */
  public void requireForCopy(ObjectInfo info) {
    Verdict verdict = check(info);
    if (verdict.outcome() != Outcome.HOLD) {
      throw failed("x-amz-copy-source-" + verdict.header());
    }
  }

  /** The error for a condition that does not hold. */
  public static S3Exception failed(String header) {
    return new S3Exception(S3Error.PRECONDITION_FAILED).with("Condition", header);
  }
}
