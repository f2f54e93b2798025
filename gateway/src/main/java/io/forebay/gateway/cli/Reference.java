package io.forebay.gateway.cli;

import io.forebay.gateway.config.Option;
import java.util.List;

/** The documents that follow from the table of options: the reference and the sample file. */
public final class Reference {
  private static final int WIDTH = 98;

  private static final String INTRODUCTION =
      """
      # Configuration

      Every option is a key of the configuration file, an environment variable and a flag of
      `forebay serve`. A flag wins over a variable, a variable over the file. The file is TOML,
      named by `--config FILE` or `FOREBAY_CONFIG`;
      [packaging/forebay.toml](../packaging/forebay.toml) has every key. Without a file the
      defaults hold: they serve this machine only.

      This page is generated from the table of options: `./forebay config reference`.

      - Sizes: `512MiB`, `3TiB` (B, KiB, MiB, GiB, TiB, PiB); a number alone counts bytes.
      - Durations: `500ms`, `90s`, `5m`, `1h`, `7d`.
      - Lists are arrays of texts in the file, `["/", "/data"]`; in a variable or flag they are
        separated by semicolons, and a flag may be repeated.
      - Relative paths start where the process was started.
      - A mistake stops the start; all mistakes are reported at once, each with its file and line,
        its variable or its flag.
      """;

  private Reference() {}

  /** docs/configuration.md. */
  public static String markdown() {
    StringBuilder text = new StringBuilder(INTRODUCTION);
    String table = "(none yet)";
    for (Option<?> option : Option.all()) {
      if (!option.table().equals(table)) {
        table = option.table();
        text.append(table.isEmpty() ? "\n## At the top\n" : "\n## [" + table + "]\n");
      }
      text.append("\n### ").append(option.key()).append("\n\n");
      text.append(wrap("", option.description())).append('\n');
      text.append("- Value: ").append(option.form()).append('\n');
      text.append("- Default: ")
          .append(option.defaultText().map(value -> "`" + value + "`").orElse(option.otherwise()))
          .append('\n');
      text.append("- Variable `").append(option.variable()).append('`');
      text.append(option.flag().map(flag -> ", flag `" + flag + "`").orElse(", no flag"));
      text.append('\n');
    }
    text.append("\n## Exit codes\n\n| code | meaning |\n|---|---|\n");
    for (ExitCode code : ExitCode.values()) {
      text.append("| ").append(code.number()).append(" | ").append(code.meaning()).append(" |\n");
    }
    return text.toString();
  }

  /** packaging/forebay.toml. */
  public static String sampleFile() {
    StringBuilder text =
        new StringBuilder(
            """
            # Forebay. Every key, commented out, with its default or an example.
            # What they mean in full: docs/configuration.md. Start with:
            #
            #     forebay serve --config forebay.toml
            """);
    String table = "";
    for (Option<?> option : Option.all()) {
      if (!option.table().equals(table)) {
        table = option.table();
        text.append("\n[").append(table).append("]\n");
      }
      text.append('\n').append(wrap("# ", plain(option.description())));
      if (option.defaultText().isEmpty()) {
        text.append(wrap("# ", "Default: " + plain(option.otherwise()) + "."));
      }
      text.append('#').append(option.key().substring(option.key().indexOf('.') + 1)).append(" = ");
      text.append(literal(option)).append('\n');
    }
    return text.toString();
  }

  private static String literal(Option<?> option) {
    String value = option.example();
    boolean isNumber = value.matches("[1-9][0-9]*|0") && option.form().startsWith("an integer");
    String literal = isNumber ? value : "\"" + value + "\"";
    return option.isList() ? "[" + literal + "]" : literal;
  }

  /** Without the marks of Markdown. */
  static String plain(String markdown) {
    return markdown.replace("`", "");
  }

  private static String wrap(String prefix, String text) {
    StringBuilder lines = new StringBuilder();
    StringBuilder line = new StringBuilder();
    for (String word : List.of(text.split(" "))) {
      if (!line.isEmpty() && prefix.length() + line.length() + 1 + word.length() > WIDTH) {
        lines.append(prefix).append(line).append('\n');
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    return lines.append(prefix).append(line).append('\n').toString();
  }
}
