package io.forebay.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What formatter and compiler do not look at. */
class TidyTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final int MAX_COLUMNS = 100;
  private static final int MAX_LINES = 500;
  private static final Set<String> SKIPPED = Set.of(".git", "target", "forebay-data");
  private static final Set<String> TEXT =
      Set.of("java", "md", "toml", "xml", "sql", "sh", "py", "txt", "properties", "c", "cfg", "");

  private static List<Path> files = List.of();

  @BeforeAll
  static void listFiles() throws IOException {
    List<Path> found = new ArrayList<>();
    Files.walkFileTree(
        ROOT,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes unused) {
            return SKIPPED.contains(directory.getFileName().toString())
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (attributes.isRegularFile() && isText(file)) {
              found.add(file);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    files = List.copyOf(found);
    assertThat(files).hasSizeGreaterThan(50);
  }

  @Test
  void linesFitOnAScreen() {
    // Imports, links, tables and the compiler's flags have no place to break.
    Pattern unbreakable = Pattern.compile("^import |https?://|^\\s*\\|");
    assertNone((file, problems) ->
        eachLine(
            file,
            (number, line) -> {
              boolean pom = file.getFileName().toString().equals("pom.xml");
              if (line.codePointCount(0, line.length()) > MAX_COLUMNS
                  && !pom
                  && !isData(file)
                  && !unbreakable.matcher(line).find()) {
                problems.add(at(file, number) + " has more than 100 columns");
              }
            }));
  }

  @Test
  void aFileHoldsOneThing() {
    assertNone((file, problems) -> {
      if (file.toString().contains("/src/main/java/")) {
        long lines = lines(file).size();
        if (lines > MAX_LINES) {
          problems.add(relative(file) + " has " + lines + " lines, the limit is " + MAX_LINES);
        }
      }
    });
  }

  @Test
  void nothingIsLeftForLater() {
    Pattern later = Pattern.compile("\\b(TO" + "DO|FIX" + "ME|XX" + "X)\\b");
    assertNone((file, problems) ->
        eachLine(
            file,
            (number, line) -> {
              if (later.matcher(line).find() && !isData(file)) {
                problems.add(at(file, number) + " leaves something for later");
              }
            }));
  }

  @Test
  void nothingNamesAPackageRegistry() {
    Pattern registry =
        Pattern.compile(
            "repo1?\\.maven\\.|repo\\.maven|maven\\.google|registry\\.npm|pypi\\.org"
                + "|files\\.pythonhosted|crates\\.io|proxy\\.golang|repo\\.gradle|rubygems\\.org"
                + "|deb\\.debian|jitpack\\.io|plugins\\.gradle|s01\\.oss\\.sonatype");
    assertNone((file, problems) ->
        eachLine(
            file,
            (number, line) -> {
              if (registry.matcher(line).find() && !file.endsWith("TidyTest.java")) {
                problems.add(at(file, number) + " names a host of a package registry");
              }
            }));
  }

  @Test
  void textHasNoTabsTrailingBlanksOrMissingLastNewline() {
    assertNone((file, problems) -> {
      if (isData(file)) {
        return;
      }
      String text = String.join("\n", lines(file));
      if (text.lines().anyMatch(line -> line.endsWith(" ") || line.endsWith("\t"))) {
        problems.add(relative(file) + " has blanks at the end of a line");
      }
      boolean code = file.toString().matches(".*\\.(java|md|toml|xml)");
      if (code && text.contains("\t")) {
        problems.add(relative(file) + " has a tab");
      }
      try {
        if (!Files.readString(file).endsWith("\n") && Files.size(file) > 0) {
          problems.add(relative(file) + " does not end with a newline");
        }
      } catch (IOException unreadable) {
        problems.add(relative(file) + " " + unreadable);
      }
    });
  }

  @Test
  void aDocumentHasOneTitle() {
    assertNone((file, problems) -> {
      if (file.toString().endsWith(".md")) {
        boolean inCode = false;
        int titles = 0;
        for (String line : lines(file)) {
          if (line.startsWith("```")) {
            inCode = !inCode;
          } else if (!inCode && line.startsWith("# ")) {
            titles++;
          }
        }
        if (titles != 1 || !lines(file).getFirst().startsWith("# ")) {
          problems.add(relative(file) + " does not begin with its one title");
        }
      }
    });
  }

  @Test
  void decisionsAreNumberedWithoutGapsAndListedInTheIndex() throws IOException {
    Path directory = ROOT.resolve("docs/decisions");
    List<String> names = new ArrayList<>();
    try (Stream<Path> listing = Files.list(directory)) {
      listing.map(path -> path.getFileName().toString()).sorted().forEach(names::add);
    }
    names.remove("README.md");
    String index = Files.readString(directory.resolve("README.md"));
    for (int i = 0; i < names.size(); i++) {
      assertThat(names.get(i)).matches("%04d-[a-z0-9-]+\\.md".formatted(i + 1));
      assertThat(index).contains("](" + names.get(i) + ")");
    }
    assertThat(names).isNotEmpty();
  }

  @Test
  void linksBetweenDocumentsLeadSomewhere() {
    Pattern link = Pattern.compile("\\]\\(([^)#:]+)(#[^)]*)?\\)");
    assertNone((file, problems) -> {
      if (file.toString().endsWith(".md")) {
        link.matcher(String.join("\n", lines(file)))
            .results()
            .map(match -> match.group(1))
            .filter(target -> !Files.exists(file.resolveSibling(target)))
            .forEach(target -> problems.add(relative(file) + " links to missing " + target));
      }
    });
  }

  @Test
  void everyPackageWithSourcesSaysWhatItIsFor() {
    Set<Path> packages = new TreeSet<>();
    for (Path file : files) {
      if (file.toString().contains("/src/main/java/")) {
        packages.add(file.getParent());
      }
    }
    assertThat(packages)
        .allSatisfy(each -> assertThat(each.resolve("package-info.java")).isRegularFile());
  }

  private static void assertNone(BiConsumer<Path, List<String>> rule) {
    List<String> problems = new ArrayList<>();
    for (Path file : files) {
      rule.accept(file, problems);
    }
    assertThat(problems).isEmpty();
  }

  /** Recorded input and output of tests: kept as it was. */
  private static boolean isData(Path file) {
    return file.toString().contains("/resources/") && file.toString().contains("/test/");
  }

  private static boolean isText(Path file) {
    String name = file.getFileName().toString();
    int dot = name.lastIndexOf('.');
    boolean fuzzInput = file.toString().contains("/src/test/resources/");
    return !fuzzInput && TEXT.contains(dot < 0 ? "" : name.substring(dot + 1));
  }

  private interface LineRule {
    void check(int number, String line);
  }

  private static void eachLine(Path file, LineRule rule) {
    List<String> lines = lines(file);
    for (int i = 0; i < lines.size(); i++) {
      rule.check(i + 1, lines.get(i));
    }
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8).lines().toList();
    } catch (IOException unreadable) {
      throw new AssertionError(file + " is not UTF-8 text", unreadable);
    }
  }

  private static String at(Path file, int number) {
    return relative(file) + ":" + number;
  }

  private static String relative(Path file) {
    return ROOT.relativize(file).toString();
  }
}
