package io.forebay.s3.auth;

import io.forebay.s3.http.Headers;
import io.forebay.s3.http.PercentEncoding;
import io.forebay.s3.http.QueryParameters;
import io.forebay.s3.http.RequestHead;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The form of a request that is signed (S3 API reference, "Create a canonical request"): the path
 * encoded once, parameters sorted as encoded, blanks of header values trimmed and folded.
 */
final class CanonicalRequest {
  private CanonicalRequest() {}

  /**
   * Puts it together.
   *
   * @param payloadHash as declared, whatever the body turns out to be
   */
  static String of(RequestHead head, List<String> signedHeaders, String payloadHash) {
    StringBuilder text = new StringBuilder(1024);
    text.append(head.method()).append('\n');
    text.append(PercentEncoding.encode(head.path(), true)).append('\n');
    appendQuery(text, head.query());
    text.append('\n');
    appendHeaders(text, head.headers(), signedHeaders);
    text.append('\n');
    text.append(String.join(";", signedHeaders)).append('\n');
    return text.append(payloadHash).toString();
  }

  private static void appendQuery(StringBuilder text, QueryParameters query) {
    List<String> encoded = new ArrayList<>();
    for (QueryParameters.Parameter parameter : query.parameters()) {
      if (!parameter.name().equals("X-Amz-Signature")) {
        // Below all unreserved characters, so that "a" sorts before "a-b"; replaced afterwards.
        encoded.add(
            PercentEncoding.encode(parameter.name(), false)
                + ' '
                + PercentEncoding.encode(parameter.value(), false));
      }
    }
    Collections.sort(encoded);
    String separator = "";
    for (String each : encoded) {
      text.append(separator).append(each.replace(' ', '='));
      separator = "&";
    }
  }

  private static void appendHeaders(
      StringBuilder text, Headers headers, List<String> signedHeaders) {
    Map<String, StringBuilder> values = new HashMap<>();
    for (Headers.Field field : headers.fields()) {
      String name = field.name().toLowerCase(Locale.ROOT);
      StringBuilder joined = values.get(name);
      if (joined == null) {
        values.put(name, new StringBuilder(folded(field.value())));
      } else {
        joined.append(',').append(folded(field.value()));
      }
    }
    for (String name : signedHeaders) {
      text.append(name).append(':').append(values.getOrDefault(name, new StringBuilder()));
      text.append('\n');
    }
  }

  /** Without blanks around it, runs of blanks as one. */
  private static String folded(String value) {
    StringBuilder folded = new StringBuilder(value.length());
    boolean blank = false;
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == ' ' || (c >= '\t' && c <= '\r')) {
        blank = !folded.isEmpty();
      } else {
        if (blank) {
          folded.append(' ');
          blank = false;
        }
        folded.append(c);
      }
    }
    return folded.toString();
  }

  /** Of the canonical request, in hex: what goes into the string to sign. */
  static String hash(String canonical) {
    return Sha256.hex(canonical.getBytes(StandardCharsets.UTF_8));
  }
}
