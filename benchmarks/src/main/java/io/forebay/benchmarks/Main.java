package io.forebay.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** {@code benchmarks/run}: see benchmarks/README.md. */
public final class Main {
  private static final Set<String> GROUPS = Set.of("s3-get", "s3-put", "nfs-read", "nfs-create");

  private Main() {}

  /**
   * @param args {@code --launcher FILE}, {@code --scratch DIR} (emptied afterwards), {@code
   *     --quick}, {@code --only GROUP} (repeatable), {@code --json FILE}
   */
  public static void main(String[] args) throws Exception {
    Options options = Options.parse(List.of(args));
    Path scratch = Files.createTempDirectory(options.scratch(), "forebay-bench-");
    Report report = new Report(System.out);
    try (Fixture fixture = Fixture.start(options.launcher(), scratch, options.quick())) {
      if (fixture.nginx().isEmpty()) {
        System.out.println("(no nginx on this machine: its lines are left out)");
      }
      try {
        run(options.groups(), fixture, report);
      } catch (Exception e) {
        System.out.println(fixture.gateway().logEnd());
        throw e;
      }
    } finally {
      delete(scratch);
    }
    if (options.json().isPresent()) {
      Files.writeString(options.json().get(), report.json());
    }
  }

  private static void run(Set<String> groups, Fixture fixture, Report report) throws Exception {
    S3Benchmarks s3 = new S3Benchmarks(fixture, report);
    NfsBenchmarks nfs = new NfsBenchmarks(fixture, report);
    for (String group : groups) {
      switch (group) {
        case "s3-get" -> s3.get();
        case "s3-put" -> s3.put();
        case "nfs-read" -> nfs.read();
        case "nfs-create" -> nfs.create();
        default -> throw new IllegalArgumentException("no group is called " + group);
      }
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private record Options(
      Path launcher, Path scratch, boolean quick, Set<String> groups, Optional<Path> json) {
    static Options parse(List<String> args) {
      Path launcher = Path.of("forebay").toAbsolutePath();
      Path scratch = Path.of(System.getProperty("java.io.tmpdir"));
      boolean quick = false;
      Set<String> groups = new TreeSet<>();
      Optional<Path> json = Optional.empty();
      for (int i = 0; i < args.size(); i++) {
        switch (args.get(i)) {
          case "--quick" -> quick = true;
          case "--launcher" -> launcher = Path.of(args.get(++i)).toAbsolutePath();
          case "--scratch" -> scratch = Path.of(args.get(++i));
          case "--only" -> groups.add(args.get(++i));
          case "--json" -> json = Optional.of(Path.of(args.get(++i)));
          default -> throw new IllegalArgumentException("no option is called " + args.get(i));
        }
      }
      return new Options(launcher, scratch, quick, groups.isEmpty() ? GROUPS : groups, json);
    }
  }
}
