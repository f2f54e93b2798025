package io.forebay.s3.op;

import io.forebay.s3.http.MalformedRequestException;
import io.forebay.s3.http.QueryParameters;
import io.forebay.s3.http.QueryParameters.Parameter;
import java.util.SortedMap;
import java.util.TreeMap;

/** The tags of an object, by the rules of S3 ("Categorizing your objects using tags"). */
public final class Tags {
  public static final int MAX_TAGS = 10;
  private static final int MAX_KEY = 128;
  private static final int MAX_VALUE = 256;
  private static final String PUNCTUATION = "+-=._:/@";

  private static final int MAX_BUCKET_TAGS = 50;

  private final SortedMap<String, String> tags = new TreeMap<>();
  private final int limit;
  private final String owner;

  /** Of an object. */
  public Tags() {
    this(MAX_TAGS, "Object");
  }

  private Tags(int limit, String owner) {
    this.limit = limit;
    this.owner = owner;
  }

  /** Of a bucket. */
  public static Tags ofBucket() {
    return new Tags(MAX_BUCKET_TAGS, "Bucket");
  }

  /** Reads an {@code x-amz-tagging} header, which is written like a query. */
  static SortedMap<String, String> ofHeader(String text) {
    Tags tags = new Tags();
    try {
      for (Parameter each : QueryParameters.parse(text).parameters()) {
        tags.add(each.name(), each.value());
      }
    } catch (MalformedRequestException e) {
      throw S3Exception.invalidArgument(
          "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query "
              + "parameters without tag name duplicates.",
          "x-amz-tagging",
          text);
    }
    return tags.toMap();
  }

  /**
   * Adds one.
   *
   * @throws S3Exception {@link S3Error#INVALID_TAG}, {@link S3Error#BAD_REQUEST} for too many
   */
  public void add(String key, String value) {
    if (key.isEmpty() || key.codePointCount(0, key.length()) > MAX_KEY || !isPlain(key)) {
      throw invalid("The TagKey you have provided is invalid", key, value);
    }
    if (value.codePointCount(0, value.length()) > MAX_VALUE || !isPlain(value)) {
      throw invalid("The TagValue you have provided is invalid", key, value);
    }
    if (key.startsWith("aws:")) {
      throw invalid("System tags cannot be added/updated by requester", key, value);
    }
    if (tags.putIfAbsent(key, value) != null) {
      throw invalid("Cannot provide multiple Tags with the same key", key, value);
    }
    if (tags.size() > limit) {
      throw new S3Exception(S3Error.BAD_REQUEST, owner + " tags cannot be greater than " + limit);
    }
  }

  private static boolean isPlain(String text) {
    return text.codePoints()
        .allMatch(each ->
            Character.isLetterOrDigit(each)
                || Character.isSpaceChar(each)
                || PUNCTUATION.indexOf(each) >= 0);
  }

  private static S3Exception invalid(String message, String key, String value) {
    return new S3Exception(S3Error.INVALID_TAG, message)
        .with("TagKey", key)
        .with("TagValue", value);
  }

  public SortedMap<String, String> toMap() {
    return new TreeMap<>(tags);
  }
}
