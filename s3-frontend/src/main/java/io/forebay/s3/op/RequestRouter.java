package io.forebay.s3.op;

import io.forebay.s3.http.QueryParameters.Parameter;
import io.forebay.s3.http.RequestHead;
import io.forebay.s3.http.Resource;
import io.forebay.s3.op.S3Operation.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/** Says which operation a request asks for, from the one table that {@link S3Operation} is. */
public final class RequestRouter {
  /** Parameters of writes that are no subresources. */
  private static final Set<String> PLAIN =
      Set.of(
          "partNumber", "versionId", "id", "select-type", "AWSAccessKeyId", "Signature", "Expires");

  private static final List<S3Operation> OF_SERVICE = of(Scope.SERVICE);
  private static final List<S3Operation> OF_BUCKET = of(Scope.BUCKET);
  private static final List<S3Operation> OF_OBJECT = of(Scope.OBJECT);

  private RequestRouter() {}

  private static List<S3Operation> of(Scope scope) {
    return Stream.of(S3Operation.values()).filter(each -> each.scope() == scope).toList();
  }

  private static List<S3Operation> operations(Scope scope) {
    return switch (scope) {
      case SERVICE -> OF_SERVICE;
      case BUCKET -> OF_BUCKET;
      case OBJECT -> OF_OBJECT;
    };
  }

  /**
   * Routes.
   *
   * @throws S3Exception {@link S3Error#METHOD_NOT_ALLOWED} when no operation has this method there,
   *     {@link S3Error#INVALID_ARGUMENT} for two subresources at once, {@link
   *     S3Error#NOT_IMPLEMENTED} for a write with a parameter that nobody knows: it could mean
   *     anything
   */
  public static S3Operation route(RequestHead head, Resource resource) {
    Scope scope = scopeOf(resource);
    if (head.method().equals("OPTIONS")) {
      throw new S3Exception(S3Error.ACCESS_FORBIDDEN);
    }
    String subresource = subresourceOf(head, scope);
    if (!head.method().equals("GET") && !head.method().equals("HEAD")) {
      refuseUnknownParameters(head, subresource);
    }
    List<S3Operation> candidates =
        operations(scope).stream()
            .filter(each -> each.method().equals(head.method()))
            .filter(each -> each.subresource().orElse("").equals(subresource))
            .toList();
    return switch (candidates.size()) {
      case 0 -> throw notAllowed(head, subresource, scope);
      case 1 -> only(candidates.getFirst(), head);
      default -> choose(candidates, head, resource);
    };
  }

  private static Scope scopeOf(Resource resource) {
    if (resource.bucket().isEmpty()) {
      return Scope.SERVICE;
    }
    return resource.key().isEmpty() ? Scope.BUCKET : Scope.OBJECT;
  }

  private static String subresourceOf(RequestHead head, Scope scope) {
    List<String> named = new ArrayList<>();
    for (Parameter parameter : head.query().parameters()) {
      if (isSubresource(parameter.name(), scope) && !named.contains(parameter.name())) {
        named.add(parameter.name());
      }
    }
    if (named.size() > 1) {
      throw new S3Exception(
              S3Error.INVALID_ARGUMENT,
              "Conflicting query string parameters: " + String.join(", ", named))
          .with("ArgumentName", "ResourceType")
          .with("ArgumentValue", named.getFirst());
    }
    return named.isEmpty() ? "" : named.getFirst();
  }

  private static boolean isSubresource(String name, Scope scope) {
    for (S3Operation each : operations(scope)) {
      if (each.subresource().filter(name::equals).isPresent()) {
        return true;
      }
    }
    return false;
  }

  private static void refuseUnknownParameters(RequestHead head, String subresource) {
    for (Parameter parameter : head.query().parameters()) {
      String name = parameter.name();
      if (!name.equals(subresource)
          && !PLAIN.contains(name)
          && !name.toLowerCase(Locale.ROOT).startsWith("x-")) {
        throw new S3Exception(
            S3Error.NOT_IMPLEMENTED, "The query parameter " + name + " is not known here.");
      }
    }
  }

  private static S3Exception notAllowed(RequestHead head, String subresource, Scope scope) {
    return new S3Exception(S3Error.METHOD_NOT_ALLOWED)
        .with("Method", head.method())
        .with(
            "ResourceType",
            subresource.isEmpty() ? scope.name() : subresource.toUpperCase(Locale.ROOT));
  }

  /** An operation that no other shares its shape with. */
  private static S3Operation only(S3Operation operation, RequestHead head) {
    if (operation == S3Operation.LIST_OBJECTS_V2) {
      String type = head.query().first("list-type").orElse("");
      if (!type.equals("2")) {
        throw S3Exception.invalidArgument(
            "Invalid List Type specified in Request", "list-type", type);
      }
    }
    return operation;
  }

  private static S3Operation choose(
      List<S3Operation> candidates, RequestHead head, Resource resource) {
    return switch (candidates.getFirst()) {
      case PUT_OBJECT, COPY_OBJECT -> putOrCopy(head);
      case UPLOAD_PART, UPLOAD_PART_COPY ->
          head.headers().contains("x-amz-copy-source")
              ? S3Operation.UPLOAD_PART_COPY
              : S3Operation.UPLOAD_PART;
      case WRITE_GET_OBJECT_RESPONSE, POST_OBJECT -> postWithoutSubresource(head, resource);
      // Configurations that have ids: with one it is one, without it all of them.
      default -> candidates.get(head.query().contains("id") ? 0 : 1);
    };
  }

  private static S3Operation putOrCopy(RequestHead head) {
    if (head.query().contains("partNumber")) {
      throw new S3Exception(S3Error.INVALID_REQUEST, "A part is put with partNumber and uploadId.");
    }
    return head.headers().contains("x-amz-copy-source")
        ? S3Operation.COPY_OBJECT
        : S3Operation.PUT_OBJECT;
  }

  private static S3Operation postWithoutSubresource(RequestHead head, Resource resource) {
    if (resource.bucket().equals("WriteGetObjectResponse")) {
      return S3Operation.WRITE_GET_OBJECT_RESPONSE;
    }
    boolean form =
        head.headers()
            .first("content-type")
            .filter(type -> type.toLowerCase(Locale.ROOT).startsWith("multipart/form-data"))
            .isPresent();
    if (!form) {
      throw notAllowed(head, "", Scope.BUCKET);
    }
    return S3Operation.POST_OBJECT;
  }
}
