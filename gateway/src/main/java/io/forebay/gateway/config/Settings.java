package io.forebay.gateway.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The value of every option that has one, and where it was said. */
final class Settings {
  private final Map<Option<?>, Given> given;
  private final Map<Option<?>, Object> values = new HashMap<>();
  private final List<ConfigProblem> problems;

  /**
   * Reads the values; what cannot be read is added to {@code problems} and left out.
   *
   * @param sources from the weakest to the strongest; a wrong value is a problem even where a
   *     stronger source overrides it
   */
  Settings(List<Map<Option<?>, Given>> sources, List<ConfigProblem> problems) {
    this.problems = problems;
    Map<Option<?>, Given> strongest = new HashMap<>();
    for (Map<Option<?>, Given> source : sources) {
      for (Option<?> option : Option.all()) {
        Given said = source.get(option);
        if (said != null) {
          strongest.put(option, said);
          read(option, said);
        }
      }
    }
    for (Option<?> option : Option.all()) {
      if (!strongest.containsKey(option)) {
        option.defaultText().ifPresent(text -> values.put(option, option.read(List.of(text))));
      }
    }
    this.given = Map.copyOf(strongest);
  }

  private void read(Option<?> option, Given said) {
    try {
      values.put(option, option.read(said.texts()));
    } catch (IllegalArgumentException e) {
      problems.add(said.problem(option.key() + ": " + e.getMessage()));
    }
  }

  /** The value of an option that has a default. */
  <T> T get(Option<T> option) {
    return find(option)
        .orElseThrow(() -> new IllegalStateException(option + " has neither value nor default"));
  }

  /** The value, if somebody said one or there is a default. */
  <T> Optional<T> find(Option<T> option) {
    @SuppressWarnings("unchecked")
    @Nullable T value = (T) values.get(option);
    return Optional.ofNullable(value);
  }

  boolean isGiven(Option<?> option) {
    return given.containsKey(option);
  }

  /** Adds a problem of an option's value: where it was said, or that it is the default. */
  void report(Option<?> option, String message) {
    Given said = given.get(option);
    String text = option.key() + ": " + message;
    problems.add(
        said == null
            ? new ConfigProblem("default of " + option.key(), message)
            : said.problem(text));
  }

  boolean isUsable() {
    return problems.isEmpty();
  }

  List<ConfigProblem> problems() {
    return new ArrayList<>(problems);
  }
}
