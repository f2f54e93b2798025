package io.forebay.gateway.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Puts a configuration together. A flag wins over a variable, a variable over the file, the file
 * over the default.
 */
public final class ConfigReader {
  /** Where the file is, beside the flag {@code --config}. */
  public static final String FILE_VARIABLE = "FOREBAY_CONFIG";

  /** Variables of the launcher, which are no options. */
  private static final Set<String> LAUNCHER_VARIABLES =
      Set.of(FILE_VARIABLE, "FOREBAY_JAVA_OPTS", "FOREBAY_NO_BUILD");

  private ConfigReader() {}

  /**
   * Reads everything there is.
   *
   * @param file named by a flag
   * @param environment all variables of the process; empty ones count as absent
   * @param flags values by option, several only for lists
   * @throws ConfigException with everything that is wrong
   */
  public static GatewayConfig read(
      Optional<Path> file, Map<String, String> environment, Map<Option<?>, List<String>> flags)
      throws ConfigException {
    List<ConfigProblem> problems = new ArrayList<>();
    Map<Option<?>, Given> fromFile =
        file.or(() -> variable(environment, FILE_VARIABLE).map(Path::of))
            .map(path -> TomlFile.read(path, problems))
            .orElse(Map.of());
    Settings settings =
        new Settings(List.of(fromFile, fromVariables(environment), fromFlags(flags)), problems);
    return GatewayConfig.of(settings);
  }

  /** Variables that look like options and are none: misspelled, or another program's. */
  public static Set<String> unknownVariables(Map<String, String> environment) {
    Set<String> known = new HashSet<>(LAUNCHER_VARIABLES);
    Option.all().forEach(option -> known.add(option.variable()));
    Set<String> unknown = new TreeSet<>();
    for (String name : environment.keySet()) {
      if (name.startsWith("FOREBAY_") && !known.contains(name)) {
        unknown.add(name);
      }
    }
    return unknown;
  }

  private static Optional<String> variable(Map<String, String> environment, String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
  }

  private static Map<Option<?>, Given> fromVariables(Map<String, String> environment) {
    Map<Option<?>, Given> given = new HashMap<>();
    for (Option<?> option : Option.all()) {
      variable(environment, option.variable())
          .ifPresent(value ->
              given.put(
                  option,
                  new Given(split(option, List.of(value)), () -> "variable " + option.variable())));
    }
    return given;
  }

  private static Map<Option<?>, Given> fromFlags(Map<Option<?>, List<String>> flags) {
    Map<Option<?>, Given> given = new HashMap<>();
    flags.forEach((option, values) ->
        given.put(
            option, new Given(split(option, values), () -> option.flag().orElse(option.key()))));
    return given;
  }

  /** Lists in one text are separated by semicolons: exports have blanks and commas of their own. */
  private static List<String> split(Option<?> option, List<String> values) {
    if (!option.isList()) {
      return List.of(values.getLast());
    }
    List<String> texts = new ArrayList<>();
    for (String value : values) {
      for (String text : value.split(";", -1)) {
        if (!text.isBlank()) {
          texts.add(text.strip());
        }
      }
    }
    return texts;
  }
}
