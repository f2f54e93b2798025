package io.forebay.gateway.config;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.toml.TomlMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Reads a TOML file against the table of options: unknown keys, wrong types and bad syntax become
 * problems with their line.
 */
final class TomlFile {
  private static final long MAX_BYTES = 1 << 20;

  private final Path path;
  private final String text;
  private final TomlMapper mapper = new TomlMapper();
  private final Map<String, Option<?>> options =
      Option.all().stream().collect(Collectors.toMap(Option::key, Function.identity()));
  private final Map<Option<?>, Given> given = new HashMap<>();
  private final List<ConfigProblem> problems = new ArrayList<>();

  private TomlFile(Path path, String text) {
    this.path = path;
    this.text = text;
  }

  /** Reads, adding to {@code problems} what is wrong. */
  static Map<Option<?>, Given> read(Path path, List<ConfigProblem> problems) {
    TomlFile file;
    try {
      if (Files.size(path) > MAX_BYTES) {
        problems.add(new ConfigProblem(path.toString(), "has more than 1 MiB"));
        return Map.of();
      }
      file = new TomlFile(path, Files.readString(path));
    } catch (NoSuchFileException e) {
      problems.add(new ConfigProblem(path.toString(), "there is no such file"));
      return Map.of();
    } catch (IOException e) {
      problems.add(new ConfigProblem(path.toString(), "cannot be read: " + e));
      return Map.of();
    }
    file.parse();
    problems.addAll(file.problems);
    return file.given;
  }

  private void parse() {
    try {
      walk("", mapper.readTree(text));
    } catch (JacksonException e) {
      problems.add(new ConfigProblem(path + ":" + line(e), e.getOriginalMessage()));
    }
  }

  /** The parser sees some mistakes only at the token behind them, which may be lines away. */
  private int line(JacksonException mistake) {
    JsonLocation where = mistake.getLocation();
    int line = where == null ? 1 : where.getLineNr();
    String before = text.lines().limit(line - 1L).collect(Collectors.joining("\n"));
    try {
      JsonNode unused = mapper.readTree(before);
    } catch (JacksonException e) {
      if (before.length() < text.length()
          && e.getOriginalMessage().equals(mistake.getOriginalMessage())) {
        return e.getLocation() == null ? line : e.getLocation().getLineNr();
      }
    }
    return line;
  }

  private void walk(String prefix, JsonNode table) {
    for (Map.Entry<String, JsonNode> property : table.properties()) {
      String key = prefix + property.getKey();
      JsonNode value = property.getValue();
      Option<?> option = options.get(key);
      if (option != null) {
        texts(option, value)
            .ifPresentOrElse(
                texts -> given.put(option, new Given(texts, () -> origin(key))),
                () -> report(key, key + " is " + expected(option)));
      } else if (value.isObject() && isTable(key)) {
        walk(key + ".", value);
      } else {
        report(key, "there is no option " + key + Spelling.suggestion(key, options.keySet()));
      }
    }
  }

  private boolean isTable(String key) {
    return options.values().stream().anyMatch(option -> option.table().equals(key));
  }

  private static String expected(Option<?> option) {
    if (option.isList()) {
      return option.form() + ": an array of texts in quotes";
    }
    return option.form() + (option.isInteger() ? "" : ", a text in quotes");
  }

  /** Empty when the value is of another type than the option takes. */
  private static Optional<List<String>> texts(Option<?> option, JsonNode value) {
    if (option.isList()) {
      List<String> texts = new ArrayList<>();
      if (!value.isArray()) {
        return Optional.empty();
      }
      for (JsonNode element : value) {
        if (!element.isTextual()) {
          return Optional.empty();
        }
        texts.add(element.textValue());
      }
      return Optional.of(texts);
    }
    if (value.isTextual() || (option.isInteger() && value.isIntegralNumber())) {
      return Optional.of(List.of(value.asText()));
    }
    return Optional.empty();
  }

  private void report(String key, String message) {
    problems.add(new ConfigProblem(origin(key), message));
  }

  private String origin(String key) {
    return path + ":" + line(key);
  }

  /**
   * The line at which the statement begins that sets a key. The parser does not tell, but it knows
   * which beginnings of the file are whole: those that end behind a statement. The first that has
   * the key, less the longest without it, is the statement.
   */
  private int line(String key) {
    String pointer = "/" + key.replace("~", "~0").replace("/", "~1").replace('.', '/');
    int line = 1;
    int statement = 1;
    for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', end + 1)) {
      line++;
      try {
        if (!mapper.readTree(text.substring(0, end + 1)).at(pointer).isMissingNode()) {
          return statement;
        }
        statement = line;
      } catch (JacksonException isWithinStatement) {
        continue;
      }
    }
    return statement;
  }
}
