package io.forebay.engine.bucket;

import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.InodeId;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;

/** The ETags there are (design section 7), without quotes. */
final class ContentTag {
  private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{32}");

  private ContentTag() {}

  /**
   * Of content that nobody gave a digest for. Inode numbers are never reused and versions of one
   * inode strictly increase, so no two contents share one; the dash keeps clients from taking it
   * for an MD5.
   */
  static String opaque(InodeId inode, long dataVersion) {
    return version(inode, dataVersion) + "-0";
  }

  /** Of a part that was copied: the form of a digest, since those of parts are digested again. */
  static String ofCopiedPart(InodeId inode, long dataVersion) {
    return version(inode, dataVersion);
  }

  private static String version(InodeId inode, long dataVersion) {
    HexFormat hex = HexFormat.of();
    return hex.toHexDigits(inode.value()) + hex.toHexDigits(dataVersion);
  }

  /** Of a completed multipart upload: the MD5 of its parts' digests, and their number. */
  static String ofParts(List<String> digests) {
    MessageDigest md5 = md5();
    digests.forEach(digest -> md5.update(HexFormat.of().parseHex(digest)));
    return HexFormat.of().formatHex(md5.digest()) + "-" + digests.size();
  }

  /** Whether an ETag is {@link #ofParts} of these, which come from a client. */
  static boolean isOfParts(String etag, List<String> digests) {
    return digests.stream().allMatch(digest -> DIGEST.matcher(digest).matches())
        && etag.equals(ofParts(digests));
  }

  /** Checks an MD5 as a frontend hands it in. */
  static String requireDigest(String md5) {
    if (!DIGEST.matcher(md5).matches()) {
      throw new EngineException(ErrorCode.INVALID_ARGUMENT, "an MD5 has 32 hex digits");
    }
    return md5;
  }

  private static MessageDigest md5() {
    try {
      return MessageDigest.getInstance("MD5");
    } catch (NoSuchAlgorithmException e) {
      throw new EngineException(ErrorCode.INTERNAL, "this Java has no MD5", e);
    }
  }
}
