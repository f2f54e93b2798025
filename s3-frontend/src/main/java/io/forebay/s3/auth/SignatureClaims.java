package io.forebay.s3.auth;

import io.forebay.s3.http.QueryParameters;
import io.forebay.s3.http.RequestHead;
import io.forebay.s3.op.S3Error;
import io.forebay.s3.op.S3Exception;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Reads what a request claims, from its Authorization header or its query (S3 API reference,
 * "Authenticating Requests (AWS Signature Version 4)"). Messages are those of S3 where known.
 */
final class SignatureClaims {
  static final String ALGORITHM = "AWS4-HMAC-SHA256";

  /** A week, in seconds. */
  static final long MAX_EXPIRES_SECONDS = 604_800;

  private static final Pattern DATE = Pattern.compile("\\d{8}");
  private static final List<String> QUERY_PARAMETERS =
      List.of(
          "X-Amz-Algorithm",
          "X-Amz-Credential",
          "X-Amz-Signature",
          "X-Amz-Date",
          "X-Amz-SignedHeaders",
          "X-Amz-Expires");

  private SignatureClaims() {}

  /** Reads. Without any claim: AccessDenied, since nobody is anonymous here. */
  static SignatureClaim of(RequestHead head) {
    List<String> authorization = head.headers().all("authorization");
    boolean presigned = head.query().contains("X-Amz-Algorithm");
    boolean version2 = head.query().contains("Signature") && head.query().contains("Expires");
    if (authorization.size() + (presigned ? 1 : 0) + (version2 ? 1 : 0) > 1) {
      throw S3Exception.invalidArgument(
          "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature "
              + "query string parameter or the Authorization header should be specified",
          "Authorization",
          "");
    }
    if (version2) {
      throw unsupportedMechanism();
    }
    if (presigned) {
      return ofQuery(head.query());
    }
    if (authorization.isEmpty()) {
      throw new S3Exception(S3Error.ACCESS_DENIED);
    }
    return ofHeader(head, authorization.getFirst());
  }

  private static SignatureClaim ofHeader(RequestHead head, String authorization) {
    int blank = authorization.indexOf(' ');
    String scheme = blank < 0 ? authorization : authorization.substring(0, blank);
    if (!scheme.equals(ALGORITHM)) {
      throw scheme.equals("AWS") || scheme.startsWith("AWS4-")
          ? unsupportedMechanism()
          : S3Exception.invalidArgument("Unsupported Authorization Type", "Authorization", scheme);
    }
    Map<String, String> fields = fieldsOf(authorization.substring(scheme.length()));
    String timestamp = timestampOf(head);
    CredentialScope scope =
        scope(required(fields, "Credential"), SignatureClaims::malformedCredential);
    requireSameDay(scope, timestamp, SignatureClaims::malformedHeader);
    return new SignatureClaim(
        scope,
        timestamp,
        AmzDate.parse(timestamp).orElseThrow(),
        signedHeaders(required(fields, "SignedHeaders"), SignatureClaims::malformedHeader),
        required(fields, "Signature"),
        SignatureClaim.Place.HEADER,
        0);
  }

  private static SignatureClaim ofQuery(QueryParameters query) {
    for (String name : QUERY_PARAMETERS) {
      if (query.all(name).size() != 1) {
        throw malformedQuery(
            "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, "
                + "X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires "
                + "parameters.");
      }
    }
    if (!query.first("X-Amz-Algorithm").orElseThrow().equals(ALGORITHM)) {
      throw malformedQuery("X-Amz-Algorithm only supports \"AWS4-HMAC-SHA256\"");
    }
    String timestamp = query.first("X-Amz-Date").orElseThrow();
    OptionalLong seconds = AmzDate.parse(timestamp);
    if (seconds.isEmpty()) {
      throw malformedQuery(
          "X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"");
    }
    long expires = expires(query.first("X-Amz-Expires").orElseThrow());
    CredentialScope scope =
        scope(
            query.first("X-Amz-Credential").orElseThrow(),
            () ->
                malformedQuery(
                    "Error parsing the X-Amz-Credential parameter; the Credential is mal-formed; "
                        + "expecting \"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\"."));
    requireSameDay(scope, timestamp, SignatureClaims::malformedQuery);
    return new SignatureClaim(
        scope,
        timestamp,
        seconds.getAsLong(),
        signedHeaders(
            query.first("X-Amz-SignedHeaders").orElseThrow(), SignatureClaims::malformedQuery),
        query.first("X-Amz-Signature").orElseThrow(),
        SignatureClaim.Place.QUERY,
        expires);
  }

  private static long expires(String text) {
    if (!text.matches("-?\\d{1,18}")) {
      throw malformedQuery("X-Amz-Expires should be a number");
    }
    long seconds = Long.parseLong(text);
    if (seconds < 1) {
      throw malformedQuery("X-Amz-Expires must be positive");
    }
    if (seconds > MAX_EXPIRES_SECONDS) {
      throw malformedQuery(
          "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires "
              + "must be less than 604800 seconds");
    }
    return seconds;
  }

  private static String timestampOf(RequestHead head) {
    List<String> own = head.headers().all("x-amz-date");
    OptionalLong seconds =
        own.size() == 1
            ? AmzDate.parseHttp(own.getFirst())
            : own.isEmpty()
                ? AmzDate.parseHttp(head.headers().first("date").orElse(""))
                : OptionalLong.empty();
    if (seconds.isEmpty()) {
      throw new S3Exception(
          S3Error.ACCESS_DENIED, "AWS authentication requires a valid Date or x-amz-date header");
    }
    return AmzDate.format(seconds.getAsLong());
  }

  private static Map<String, String> fieldsOf(String text) {
    Map<String, String> fields = new HashMap<>();
    for (String each : text.split(",")) {
      int equals = each.indexOf('=');
      if (equals < 0
          || fields.put(each.substring(0, equals).trim(), each.substring(equals + 1).trim())
              != null) {
        throw malformedHeader(
            "the authorization header requires three components: Credential, SignedHeaders, and "
                + "Signature.");
      }
    }
    return fields;
  }

  private static String required(Map<String, String> fields, String name) {
    String value = fields.get(name);
    if (value == null || value.isEmpty()) {
      throw malformedHeader("the authorization component \"" + name + "=\" is missing.");
    }
    return value;
  }

  private static CredentialScope scope(String text, Supplier<S3Exception> failure) {
    String[] parts = text.split("/", -1);
    if (parts.length != 5 || parts[0].isEmpty() || !DATE.matcher(parts[1]).matches()) {
      throw failure.get();
    }
    return new CredentialScope(parts[0], parts[1], parts[2], parts[3], parts[4]);
  }

  private static void requireSameDay(
      CredentialScope scope, String timestamp, Function<String, S3Exception> failure) {
    String day = timestamp.substring(0, 8);
    if (!scope.date().equals(day)) {
      throw failure.apply(
          "Invalid credential date \""
              + scope.date()
              + "\". This date is not the same as X-Amz-Date: \""
              + day
              + "\".");
    }
  }

  private static List<String> signedHeaders(String text, Function<String, S3Exception> failure) {
    List<String> names = new ArrayList<>();
    for (String name : text.split(";", -1)) {
      if (name.isEmpty() || names.contains(name)) {
        throw failure.apply("the list of signed headers is mal-formed.");
      }
      names.add(name);
    }
    return names;
  }

  private static S3Exception unsupportedMechanism() {
    return new S3Exception(
        S3Error.INVALID_REQUEST,
        "The authorization mechanism you have provided is not supported. Please use "
            + "AWS4-HMAC-SHA256.");
  }

  private static S3Exception malformedCredential() {
    return malformedHeader(
        "the Credential is mal-formed; expecting "
            + "\"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\".");
  }

  static S3Exception malformedHeader(String what) {
    return new S3Exception(
        S3Error.AUTHORIZATION_HEADER_MALFORMED, "The authorization header is malformed; " + what);
  }

  static S3Exception malformedQuery(String what) {
    return new S3Exception(S3Error.AUTHORIZATION_QUERY_PARAMETERS_ERROR, what);
  }
}
