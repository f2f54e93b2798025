package io.forebay.gateway.config;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How the values of an option are written.
 *
 * @param form for people: what may be written, with bounds
 * @param isInteger whether a TOML file may write it as an integer, beside a text
 * @param isList whether it takes several texts
 * @param reader from texts, exactly one unless a list; IllegalArgumentException says what is wrong
 */
record OptionType<T>(
    String form, boolean isInteger, boolean isList, Function<List<String>, T> reader) {
  private static final Pattern QUANTITY = Pattern.compile("([0-9]{1,18}) ?([A-Za-z]*)");

  private static final Map<String, Long> SIZE_UNITS =
      Map.of(
          "", 1L, "B", 1L, "KiB", 1L << 10, "MiB", 1L << 20, "GiB", 1L << 30, "TiB", 1L << 40,
          "PiB", 1L << 50);

  private static final Map<String, Duration> TIME_UNITS =
      Map.of(
          "ms", Duration.ofMillis(1),
          "s", Duration.ofSeconds(1),
          "m", Duration.ofMinutes(1),
          "h", Duration.ofHours(1),
          "d", Duration.ofDays(1));

  private static <T> OptionType<T> single(
      String form, boolean isInteger, Function<String, T> reader) {
    return new OptionType<>(form, isInteger, false, texts -> reader.apply(texts.getFirst()));
  }

  /** A text that matches {@code pattern}, which {@code form} describes. */
  static OptionType<String> text(String form, String pattern) {
    Pattern compiled = Pattern.compile(pattern);
    return single(
        form,
        false,
        text -> {
          require(compiled.matcher(text).matches(), "it is " + form);
          return text;
        });
  }

  static OptionType<Path> path() {
    return single("a path", false, OptionType::parsePath);
  }

  static OptionType<List<Path>> paths() {
    return new OptionType<>(
        "a list of paths",
        false,
        true,
        texts -> texts.stream().map(OptionType::parsePath).toList());
  }

  private static Path parsePath(String text) {
    require(!text.isEmpty(), "a path is not empty");
    try {
      return Path.of(text).toAbsolutePath().normalize();
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException("\"" + text + "\" is not a path", e);
    }
  }

  /** The URL of a backing bucket, as far as it can be judged without asking the bucket. */
  static OptionType<URI> bucketUrl() {
    return single("a URL file:///DIR or s3://BUCKET/PREFIX", false, OptionType::parseBucketUrl);
  }

  private static URI parseBucketUrl(String text) {
    URI url;
    try {
      url = new URI(text);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("\"" + text + "\" is not a URL: " + e.getReason(), e);
    }
    String scheme = url.getScheme() == null ? "" : url.getScheme();
    boolean fits =
        switch (scheme) {
          case "file" ->
              url.getRawAuthority() == null
                  && url.getRawQuery() == null
                  && url.getPath() != null
                  && url.getPath().length() > 1;
          case "s3" -> url.getRawAuthority() != null;
          default -> false;
        };
    require(
        fits && url.getRawFragment() == null,
        "\"" + text + "\" is neither file:///DIR nor s3://BUCKET/PREFIX?endpoint=...&region=...");
    return url;
  }

  /** An address to listen on; literal, so that starting never waits for a name server. */
  static OptionType<InetAddress> address() {
    return single(
        "an IP address",
        false,
        text -> {
          try {
            return InetAddress.ofLiteral(text);
          } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                "\"" + text + "\" is not an IP address (127.0.0.1; 0.0.0.0 for all, :: with IPv6)",
                e);
          }
        });
  }

  static OptionType<Integer> integer(int minimum, int maximum) {
    String form = "an integer, " + grouped(minimum) + " to " + grouped(maximum);
    return single(
        form,
        true,
        text -> {
          require(text.matches("-?[0-9]+"), "\"" + text + "\" is not an integer");
          BigInteger value = new BigInteger(text);
          require(
              value.compareTo(BigInteger.valueOf(minimum)) >= 0
                  && value.compareTo(BigInteger.valueOf(maximum)) <= 0,
              text + " is out of range: it is " + form);
          return value.intValueExact();
        });
  }

  private static String grouped(int number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** Bytes. The bounds are written the same way. */
  static OptionType<Long> size(String minimum, String maximum) {
    long least = parseSize(minimum);
    long most = parseSize(maximum);
    String form = "a size, " + minimum + " to " + maximum;
    return single(
        form,
        true,
        text -> {
          long bytes = parseSize(text);
          require(bytes >= least && bytes <= most, text + " is out of range: it is " + form);
          return bytes;
        });
  }

  private static long parseSize(String text) {
    Matcher matcher = QUANTITY.matcher(text);
    boolean fits = matcher.matches() && SIZE_UNITS.containsKey(matcher.group(2));
    require(fits, "\"" + text + "\" is not a size such as 512MiB or 3TiB");
    try {
      return Math.multiplyExact(
          Long.parseLong(matcher.group(1)), SIZE_UNITS.getOrDefault(matcher.group(2), 1L));
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException(text + " is out of range", e);
    }
  }

  /** The bounds are written the same way. */
  static OptionType<Duration> duration(String minimum, String maximum) {
    Duration least = parseDuration(minimum);
    Duration most = parseDuration(maximum);
    String form = "a duration, " + minimum + " to " + maximum;
    return single(
        form,
        false,
        text -> {
          Duration duration = parseDuration(text);
          require(
              duration.compareTo(least) >= 0 && duration.compareTo(most) <= 0,
              text + " is out of range: it is " + form);
          return duration;
        });
  }

  private static Duration parseDuration(String text) {
    Matcher matcher = QUANTITY.matcher(text);
    Duration unit =
        matcher.matches()
            ? TIME_UNITS.getOrDefault(matcher.group(2), Duration.ZERO)
            : Duration.ZERO;
    require(!unit.isZero(), "\"" + text + "\" is not a duration such as 90s, 500ms, 5m, 1h or 7d");
    try {
      return unit.multipliedBy(Long.parseLong(matcher.group(1)));
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException(text + " is out of range", e);
    }
  }

  /** Permission bits. */
  static OptionType<Integer> mode() {
    return single(
        "an octal mode, 0000 to 0777",
        false,
        text -> {
          require(text.matches("0?[0-7]{3}"), "\"" + text + "\" is not an octal mode such as 0644");
          return Integer.parseInt(text, 8);
        });
  }

  /** One of an enum's constants, in small letters. */
  static <E extends Enum<E>> OptionType<E> choice(Class<E> type) {
    Map<String, E> byName =
        Stream.of(type.getEnumConstants())
            .collect(Collectors.toMap(e -> e.name().toLowerCase(Locale.ROOT), Function.identity()));
    String names =
        Stream.of(type.getEnumConstants())
            .map(e -> e.name().toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(", "));
    return single(
        "one of " + names,
        false,
        text -> {
          E value = byName.get(text);
          if (value == null) {
            throw new IllegalArgumentException("\"" + text + "\" is not one of " + names);
          }
          return value;
        });
  }

  /** Exports in the words of exports(5); every line that is wrong is named. */
  static OptionType<List<ExportLine>> exports() {
    return new OptionType<>(
        "a list of exports",
        false,
        true,
        texts -> {
          List<ExportLine> lines = new ArrayList<>();
          List<String> wrong = new ArrayList<>();
          for (String text : texts) {
            try {
              lines.add(ExportLine.parse(text));
            } catch (IllegalArgumentException e) {
              wrong.add("in \"" + text + "\": " + e.getMessage());
            }
          }
          require(wrong.isEmpty(), String.join("; ", wrong));
          return List.copyOf(lines);
        });
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
