package io.forebay.endtoend;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A machine with a Linux kernel of its own that mounts the gateway at {@code /mnt}. */
final class Guest {
  private static final Path HARNESS = Path.of("linux-nfs-client").toAbsolutePath();
  private static final Path SCRIPTS = Path.of("guest").toAbsolutePath();
  private static final int MEMORY_MIB = 1500;

  private final GatewayProcess gateway;
  private final Path share;
  private final Duration limit;

  /**
   * Machines for one gateway.
   *
   * @param share the directory they see as {@code /share}
   */
  Guest(GatewayProcess gateway, Path share, Duration limit) {
    this.gateway = gateway;
    this.share = share;
    this.limit = limit;
  }

  /** Boots, mounts, and runs a shell line in the directory of the scripts to its good end. */
  List<String> run(String line) throws Exception {
    try (Command machine = start("guest", line)) {
      return machine.succeed(limit);
    }
  }

  /** As {@link #run}, without a mount. */
  List<String> runUnmounted(String line) throws Exception {
    try (Command machine = start("guest", List.of("--no-mount"), line)) {
      return machine.succeed(limit);
    }
  }

  /** Boots a machine of that name, and does not wait. */
  Command start(String hostName, String line) throws IOException {
    return start(hostName, List.of(), line);
  }

  private Command start(String hostName, List<String> options, String line) throws IOException {
    List<String> words = new ArrayList<>(List.of(HARNESS.toString()));
    words.addAll(List.of("--port", Integer.toString(gateway.nfsPort())));
    words.addAll(List.of("--share", share.toString(), "--hostname", hostName));
    words.addAll(List.of("--mem", Integer.toString(MEMORY_MIB)));
    words.addAll(List.of("--timeout", Long.toString(limit.toSeconds())));
    words.addAll(options);
    words.add("--");
    words.add("set -e; export PYTHONDONTWRITEBYTECODE=1; cd '" + SCRIPTS + "'; " + line);
    return Command.start(hostName, Map.of(), words);
  }
}
