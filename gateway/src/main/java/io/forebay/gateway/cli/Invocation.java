package io.forebay.gateway.cli;

import io.forebay.gateway.config.Option;
import java.net.URI;
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

  /**
   * {@code forebay recover}.
   *
   * @param data where to; empty or not there
   * @param bucketUrl the volume's
   * @param fromSegments without the metadata in the bucket
   * @param force although a gateway has the volume
   */
  record Recover(Path data, URI bucketUrl, boolean fromSegments, boolean force)
      implements Invocation {}

  /** Nothing more to do: help, version or a document is printed, or the mistake is explained. */
  record Answered(ExitCode exitCode) implements Invocation {}
}
