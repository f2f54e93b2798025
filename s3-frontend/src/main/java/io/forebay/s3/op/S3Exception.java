package io.forebay.s3.op;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An answer other than success. Without a cause it carries no stack trace: a client's mistake is
 * not worth one.
 */
public final class S3Exception extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final S3Error error;
  private final transient Map<String, String> details;

  public S3Exception(S3Error error) {
    this(error, error.message());
  }

  /**
   * With a message of its own.
   *
   * @param message for people; goes to the client
   */
  public S3Exception(S3Error error, String message) {
    this(error, message, Map.of(), null);
  }

  /**
   * With everything.
   *
   * @param details further elements of the error document by name, in order
   */
  public S3Exception(
      S3Error error, String message, Map<String, String> details, @Nullable Throwable cause) {
    super(message, cause, false, cause != null);
    this.error = error;
    this.details = Collections.unmodifiableMap(new LinkedHashMap<>(details));
  }

  /** InvalidArgument with the argument's name and value, as S3 reports it. */
  public static S3Exception invalidArgument(String message, String name, String value) {
    return new S3Exception(S3Error.INVALID_ARGUMENT, message)
        .with("ArgumentName", name)
        .with("ArgumentValue", value);
  }

  /** With one more element in the error document. */
  public S3Exception with(String element, String text) {
    Map<String, String> more = new LinkedHashMap<>(details);
    more.put(element, text);
    return new S3Exception(error, message(), more, getCause());
  }

  public S3Error error() {
    return error;
  }

  public String message() {
    String message = getMessage();
    return message == null ? error.message() : message;
  }

  /** Further elements of the error document by name, in order. */
  public Map<String, String> details() {
    return details;
  }
}
