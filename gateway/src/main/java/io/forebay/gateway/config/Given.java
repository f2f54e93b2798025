package io.forebay.gateway.config;

import java.util.List;
import java.util.function.Supplier;

/**
 * The values that somebody gave an option.
 *
 * @param texts as written; exactly one unless the option is a list
 * @param origin finds out where they stand; asked for only when something is wrong with them
 */
record Given(List<String> texts, Supplier<String> origin) {
  Given {
    texts = List.copyOf(texts);
  }

  ConfigProblem problem(String message) {
    return new ConfigProblem(origin.get(), message);
  }
}
