package io.forebay.s3.op;

/** ETags as headers carry them: quoted, in lists, or without quotes as some clients send them. */
public final class EntityTags {
  private EntityTags() {}

  /** In quotes, for headers and documents. */
  public static String quoted(String etag) {
    return '"' + etag + '"';
  }

  /** Without quotes and without a mark of weakness. */
  public static String bare(String text) {
    String bare = text.strip();
    if (bare.startsWith("W/")) {
      bare = bare.substring(2);
    }
    return bare.length() >= 2 && bare.startsWith("\"") && bare.endsWith("\"")
        ? bare.substring(1, bare.length() - 1)
        : bare;
  }

  /** Whether an ETag is in a header's list; {@code *} matches any. */
  public static boolean matches(String list, String etag) {
    for (String each : list.split(",")) {
      String bare = bare(each);
      if (bare.equals("*") || bare.equals(etag)) {
        return true;
      }
    }
    return false;
  }
}
