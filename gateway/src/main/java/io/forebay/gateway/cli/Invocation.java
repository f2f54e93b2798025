package io.forebay.gateway.cli;

import io.forebay.gateway.config.Option;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a command line asks for. */
public sealed interface Invocation {
  /**
   * {@code forebay serve}.
   *
   * @param config the file named by {@code --config}
   * @param flags values as written, by option
   */
  record Serve(Optional<Path> config, Map<Option<?>, List<String>> flags) implements Invocation {
    public Serve {
      flags = Map.copyOf(flags);
    }
  }

  /** Nothing more to do: help, version or a document is printed, or the mistake is explained. */
  record Answered(ExitCode exitCode) implements Invocation {}
}
