package io.forebay.engine;

import java.util.regex.Pattern;

/**
 * A legal S3 bucket name: 3 to 63 of {@code a-z 0-9 . -}, a letter or digit at both ends, no two
 * dots in a row, no IPv4 address, none of the prefixes and suffixes S3 reserves (S3 user guide,
 * "General purpose bucket naming rules").
 */
public record BucketName(String value) {
  private static final Pattern LEGAL =
      Pattern.compile("[a-z0-9](?:[a-z0-9-]|\\.(?!\\.)){1,61}[a-z0-9]");
  private static final Pattern ADDRESS = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

  /** Throws {@link ErrorCode#INVALID_BUCKET_NAME}. */
  public BucketName {
    if (!isLegal(value)) {
      throw new EngineException(ErrorCode.INVALID_BUCKET_NAME, "not a legal bucket name");
    }
  }

  /** Whether a top-level directory of this name is a bucket. */
  public static boolean isLegal(String name) {
    return LEGAL.matcher(name).matches()
        && !ADDRESS.matcher(name).matches()
        && !name.startsWith("xn--")
        && !name.startsWith("sthree-")
        && !name.startsWith("amzn-s3-demo-")
        && !name.endsWith("-s3alias")
        && !name.endsWith("--ol-s3")
        && !name.endsWith(".mrap")
        && !name.endsWith("--x-s3")
        && !name.endsWith("--table-s3");
  }

  @Override
  public String toString() {
    return value;
  }
}
