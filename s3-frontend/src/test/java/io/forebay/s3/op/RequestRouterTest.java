package io.forebay.s3.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.forebay.s3.http.RequestHead;
import io.forebay.s3.http.Resource;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every operation by a request as the API reference shows one (operations.txt). */
class RequestRouterTest {
  /** A line of the table: is it offered, its name, method, target, and a header. */
  record Line(boolean offered, String name, String method, String target, String header) {
    RequestHead head() {
      if (header.isEmpty()) {
        return Heads.of(method, target);
      }
      int colon = header.indexOf(':');
      return Heads.of(
          method, target, header.substring(0, colon), header.substring(colon + 1).strip());
    }
  }

  static List<Line> table() throws IOException {
    List<Line> lines = new ArrayList<>();
    try (InputStream in =
            Objects.requireNonNull(RequestRouterTest.class.getResourceAsStream("operations.txt"));
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      for (String text : reader.lines().filter(each -> !each.startsWith("#")).toList()) {
        String[] words = text.split(" +", 5);
        lines.add(
            new Line(
                words[0].equals("+"),
                words[1],
                words[2],
                words[3],
                words.length == 5 ? words[4] : ""));
      }
    }
    return lines;
  }

  @ParameterizedTest
  @MethodSource("table")
  void everyOperationIsFound(Line line) {
    assertThat(route(line.head()).wireName()).isEqualTo(line.name());
  }

  @Test
  void theTableHasEveryOperation() throws IOException {
    Set<String> named = new TreeSet<>();
    table().forEach(line -> named.add(line.name()));
    Set<String> all = new TreeSet<>();
    Stream.of(S3Operation.values()).forEach(each -> all.add(each.wireName()));
    assertThat(named).isEqualTo(all);
  }

  @ParameterizedTest
  @MethodSource("table")
  void whatIsNotOfferedIsRefusedByName(Line line) {
    RequestHead head = line.head();
    Resource resource = Resource.of(head, Optional.empty());
    S3Operation operation = RequestRouter.route(head, resource);
    if (line.offered()) {
      assertThat(RequestDecoder.decode(operation, head, resource)).isNotNull();
    } else {
      S3Exception failure =
          catchThrowableOfType(
              S3Exception.class, () -> RequestDecoder.decode(operation, head, resource));
      assertThat(failure.error()).isEqualTo(S3Error.NOT_IMPLEMENTED);
      assertThat(failure).hasMessage(line.name() + " is not implemented.");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "POST, /, METHOD_NOT_ALLOWED",
    "PUT, /, METHOD_NOT_ALLOWED",
    "DELETE, /, METHOD_NOT_ALLOWED",
    "HEAD, /, METHOD_NOT_ALLOWED",
    "POST, /bucket, METHOD_NOT_ALLOWED",
    "POST, /bucket/key, METHOD_NOT_ALLOWED",
    "PATCH, /bucket/key, METHOD_NOT_ALLOWED",
    "HEAD, /bucket?acl, METHOD_NOT_ALLOWED",
    "DELETE, /bucket/key?acl, METHOD_NOT_ALLOWED",
    "PUT, /bucket/key?uploads, METHOD_NOT_ALLOWED",
    "OPTIONS, /bucket/key, ACCESS_FORBIDDEN",
    "GET, /bucket?acl&policy, INVALID_ARGUMENT",
    "PUT, /bucket/key?tagging&uploadId=1&partNumber=1, INVALID_ARGUMENT",
    "GET, /bucket?list-type=3, INVALID_ARGUMENT",
    "GET, /bucket?list-type, INVALID_ARGUMENT",
    "PUT, /bucket/key?append&position=0, NOT_IMPLEMENTED",
    "DELETE, /bucket/key?newThing, NOT_IMPLEMENTED",
    "DELETE, /bucket?newThing, NOT_IMPLEMENTED",
    "PUT, /bucket/key?partNumber=1, INVALID_REQUEST",
  })
  void whatNoOperationIsGetsItsError(String method, String target, S3Error error) {
    S3Exception failure =
        catchThrowableOfType(S3Exception.class, () -> route(Heads.of(method, target)));
    assertThat(failure.error()).isEqualTo(error);
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /bucket?unknown=1, ListObjects",
    "GET, /bucket/, ListObjects",
    "GET, /bucket/key?x-id=GetObject, GetObject",
    "PUT, /bucket/key?x-id=PutObject, PutObject",
    "PUT, /bucket/key?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=0, PutObject",
    "GET, /bucket/key?location, GetObject",
    "GET, /bucket//, GetObject",
    "DELETE, /bucket/key?versionId=null, DeleteObject",
  })
  void parametersThatMeanNothingChangeNothing(String method, String target, String name) {
    assertThat(route(Heads.of(method, target)).wireName()).isEqualTo(name);
  }

  private static S3Operation route(RequestHead head) {
    return RequestRouter.route(head, Resource.of(head, Optional.empty()));
  }
}
