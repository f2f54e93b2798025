package io.forebay.s3.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The query of a request: decoded parameters in order, repetitions included. {@code ?acl} and
 * {@code ?acl=} are the same: a parameter with an empty value.
 */
public final class QueryParameters {
  /** Both decoded. */
  public record Parameter(String name, String value) {}

  public static final QueryParameters NONE = new QueryParameters(List.of());

  private final List<Parameter> parameters;

  public QueryParameters(List<Parameter> parameters) {
    this.parameters = List.copyOf(parameters);
  }

  /**
   * Decodes what follows the question mark. A plus sign is a blank, as in forms: SDKs write {@code
   * %20} and {@code %2B}.
   *
   * @throws MalformedRequestException for broken escapes and what is no UTF-8
   */
  public static QueryParameters parse(String raw) {
    List<Parameter> parameters = new ArrayList<>();
    for (String each : raw.split("&")) {
      if (!each.isEmpty()) {
        int equals = each.indexOf('=');
        String name = equals < 0 ? each : each.substring(0, equals);
        String value = equals < 0 ? "" : each.substring(equals + 1);
        parameters.add(
            new Parameter(PercentEncoding.decodeQuery(name), PercentEncoding.decodeQuery(value)));
      }
    }
    return new QueryParameters(parameters);
  }

  /** All of them, in order. */
  public List<Parameter> parameters() {
    return parameters;
  }

  public boolean contains(String name) {
    return first(name).isPresent();
  }

  /** The first value under a name, which is matched exactly. */
  public Optional<String> first(String name) {
    for (Parameter parameter : parameters) {
      if (parameter.name().equals(name)) {
        return Optional.of(parameter.value());
      }
    }
    return Optional.empty();
  }

  /** All values under a name, in order. */
  public List<String> all(String name) {
    return parameters.stream()
        .filter(parameter -> parameter.name().equals(name))
        .map(Parameter::value)
        .toList();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof QueryParameters that && parameters.equals(that.parameters);
  }

  @Override
  public int hashCode() {
    return parameters.hashCode();
  }

  /** Names only: values may be signatures. */
  @Override
  public String toString() {
    return parameters.stream().map(Parameter::name).toList().toString();
  }
}
