package io.forebay.s3.op;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Where the next page of a listing begins, for the client to hand back; opaque to it. */
public final class ContinuationToken {
  private ContinuationToken() {}

  /** Of the last key, or rolled-up prefix, of a page. */
  public static String after(String key) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(key.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * The key in a token.
   *
   * @throws S3Exception {@link S3Error#INVALID_ARGUMENT} for what is none of ours
   */
  static String keyOf(String token) {
    try {
      ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(token));
      return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    } catch (IllegalArgumentException | CharacterCodingException e) {
      throw S3Exception.invalidArgument(
          "The continuation token provided is incorrect", "continuation-token", token);
    }
  }
}
