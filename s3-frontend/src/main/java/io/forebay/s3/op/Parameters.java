package io.forebay.s3.op;

import io.forebay.engine.BucketName;
import io.forebay.engine.ObjectView;
import io.forebay.engine.UploadId;
import io.forebay.s3.http.QueryParameters;
import io.forebay.s3.op.S3Request.Listing;
import java.util.Optional;
import java.util.OptionalInt;

/** Query parameters, read with the checks that S3 makes. */
final class Parameters {
  /** The most keys, parts, uploads of one answer. */
  static final int MAX_PAGE = 1000;

  private final QueryParameters query;

  Parameters(QueryParameters query) {
    this.query = query;
  }

  String text(String name) {
    return query.first(name).orElse("");
  }

  Optional<String> given(String name) {
    return query.first(name).filter(value -> !value.isEmpty());
  }

  /** A number from 0; larger ones are cut to {@code max}, as S3 does. */
  int bounded(String name, int max) {
    Optional<String> given = given(name);
    if (given.isEmpty()) {
      return max;
    }
    String text = given.get();
    long value;
    try {
      value = Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw S3Exception.invalidArgument(
          "Provided " + name + " not an integer or within integer range", name, text);
    }
    if (value < 0 || value > Integer.MAX_VALUE) {
      throw S3Exception.invalidArgument(
          "Argument " + name + " must be an integer between 0 and 2147483647", name, text);
    }
    return (int) Math.min(value, max);
  }

  /** A part number, where one is given. */
  OptionalInt partNumber() {
    Optional<String> given = query.first("partNumber");
    if (given.isEmpty()) {
      return OptionalInt.empty();
    }
    try {
      int number = Integer.parseInt(given.get());
      if (number >= 1 && number <= ObjectView.MAX_PARTS) {
        return OptionalInt.of(number);
      }
    } catch (NumberFormatException e) {
      // The same as a number out of range.
    }
    throw S3Exception.invalidArgument(
        "Part number must be an integer between 1 and 10000, inclusive", "partNumber", given.get());
  }

  int requiredPartNumber() {
    return partNumber()
        .orElseThrow(() ->
            new S3Exception(
                S3Error.INVALID_REQUEST, "A part is put with partNumber and uploadId."));
  }

  UploadId uploadId() {
    return new UploadId(text("uploadId"));
  }

  boolean urlEncoding() {
    Optional<String> type = given("encoding-type");
    if (type.isPresent() && !type.get().equals("url")) {
      throw S3Exception.invalidArgument(
          "Invalid Encoding Method specified in Request", "encoding-type", type.get());
    }
    return type.isPresent();
  }

  Listing listing(BucketName bucket, String maxName) {
    return new Listing(
        bucket, text("prefix"), text("delimiter"), bounded(maxName, MAX_PAGE), urlEncoding());
  }
}
