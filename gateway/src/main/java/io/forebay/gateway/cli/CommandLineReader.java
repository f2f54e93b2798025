package io.forebay.gateway.cli;

import io.forebay.gateway.config.Option;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Understands a command line. The flags of {@code serve} come from the table of options. */
public final class CommandLineReader {
  private static final int WIDTH = 100;
  private static final String REFERENCE = "reference";
  private static final String SAMPLE = "sample";

  private final PrintStream out;
  private final PrintStream err;
  private final CommandLine commandLine;

  /**
   * @param version for {@code --version}
   * @param out for what was asked for
   * @param err for what went wrong
   */
  public CommandLineReader(String version, PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
    CommandSpec top = CommandSpec.create().name("forebay");
    top.usageMessage()
        .description("The same files over NFSv4.1 and S3, out of a bucket that you own.")
        .synopsisSubcommandLabel("COMMAND");
    top.version("forebay " + version)
        .addOption(help())
        .addOption(
            OptionSpec.builder("--version")
                .versionHelp(true)
                .description("Print the version.")
                .build());
    top.addSubcommand("serve", serve())
        .addSubcommand("recover", recover())
        .addSubcommand("config", config());
    this.commandLine = new CommandLine(top).setUsageHelpWidth(WIDTH);
  }

  private static OptionSpec help() {
    return OptionSpec.builder("-h", "--help")
        .usageHelp(true)
        .description("Print this help.")
        .build();
  }

  private static CommandSpec serve() {
    CommandSpec serve = CommandSpec.create();
    serve
        .usageMessage()
        .description("Serves a volume over NFS and S3 until it is told to stop (Ctrl-C, SIGTERM).")
        .abbreviateSynopsis(true)
        .sortOptions(false)
        .footer(
            "",
            "Every flag is also a key of the configuration file and an environment variable:",
            "docs/configuration.md, or: forebay config reference");
    serve.addOption(help());
    serve.addOption(
        OptionSpec.builder("--config")
            .paramLabel("FILE")
            .type(Path.class)
            .description("The configuration, a TOML file. Also FOREBAY_CONFIG.")
            .build());
    for (Option<?> option : Option.all()) {
      option.flag().ifPresent(flag -> serve.addOption(flag(option, flag)));
    }
    return serve;
  }

  private static OptionSpec flag(Option<?> option, String flag) {
    OptionSpec.Builder builder =
        OptionSpec.builder(flag)
            .paramLabel("VALUE")
            .description(
                Reference.plain(option.description())
                    .concat(" Default: ")
                    .concat(Reference.plain(option.defaultText().orElse(option.otherwise())))
                    .replace("%", "%%"));
    return option.isList()
        ? builder.type(List.class).auxiliaryTypes(String.class).arity("1").build()
        : builder.type(String.class).build();
  }

  private static CommandSpec recover() {
    CommandSpec recover = CommandSpec.create();
    recover
        .usageMessage()
        .description(
            "Rebuilds a volume from its bucket alone, on a new machine or after the loss of its",
            "disks. Prints what was restored, as of when, and lists by path what had not been",
            "uploaded. Ends with 0 when nothing is missing, with 1 else.")
        .sortOptions(false);
    recover.addOption(help());
    recover.addOption(
        OptionSpec.builder("--data")
            .paramLabel("DIR")
            .type(Path.class)
            .required(true)
            .description("Where to: the data directory to make. Empty, or not there.")
            .build());
    recover.addOption(
        OptionSpec.builder("--bucket-url")
            .paramLabel("URL")
            .type(URI.class)
            .required(true)
            .description("The bucket, as the gateway had it: file:///DIR or s3://BUCKET/PREFIX?...")
            .build());
    recover.addOption(
        OptionSpec.builder("--from-segments")
            .type(boolean.class)
            .arity("0")
            .description(
                "Without the metadata: what the segments hold, as one file for each inode number,",
                "in the directory recovered. Also bytes that were never committed, or deleted.")
            .build());
    recover.addOption(
        OptionSpec.builder("--force")
            .type(boolean.class)
            .arity("0")
            .description("Although a gateway holds the volume, as far as its lease says.")
            .build());
    return recover;
  }

  private static CommandSpec config() {
    CommandSpec config = CommandSpec.create();
    config.usageMessage().description("Prints what can be configured.");
    config.addOption(help());
    config.addPositional(
        PositionalParamSpec.builder()
            .paramLabel("WHAT")
            .type(String.class)
            .arity("1")
            .completionCandidates(List.of(REFERENCE, SAMPLE))
            .description(
                REFERENCE + ": every option, in Markdown.",
                SAMPLE + ": a configuration file with every key.")
            .build());
    return config;
  }

  /** Never throws: a mistake is explained on {@code err}. */
  public Invocation read(String... arguments) {
    try {
      return interpret(commandLine.parseArgs(arguments));
    } catch (ParameterException e) {
      return refuse(e.getCommandLine(), String.valueOf(e.getMessage()));
    } finally {
      out.flush();
      err.flush();
    }
  }

  private Invocation interpret(ParseResult top) {
    for (CommandLine each : top.asCommandLineList()) {
      if (each.isUsageHelpRequested()) {
        each.usage(out, Ansi.OFF);
        return new Invocation.Answered(ExitCode.OK);
      }
      if (each.isVersionHelpRequested()) {
        each.printVersionHelp(out, Ansi.OFF);
        return new Invocation.Answered(ExitCode.OK);
      }
    }
    ParseResult command = top.subcommand();
    if (command == null) {
      return refuse(commandLine, "which command?");
    }
    return switch (command.commandSpec().name()) {
      case "serve" -> serve(command);
      case "recover" -> recover(command);
      default -> print(command.commandSpec().commandLine(), command.matchedPositionalValue(0, ""));
    };
  }

  private static Invocation serve(ParseResult command) {
    Map<Option<?>, List<String>> flags = new HashMap<>();
    for (Option<?> option : Option.all()) {
      option
          .flag()
          .filter(command::hasMatchedOption)
          .ifPresent(flag -> flags.put(option, command.matchedOption(flag).stringValues()));
    }
    return new Invocation.Serve(
        Optional.ofNullable(command.matchedOptionValue("--config", null)), flags);
  }

  private static Invocation recover(ParseResult command) {
    Path data = command.matchedOptionValue("--data", Path.of(""));
    URI bucket = command.matchedOptionValue("--bucket-url", URI.create(""));
    return new Invocation.Recover(
        data,
        bucket,
        command.hasMatchedOption("--from-segments"),
        command.hasMatchedOption("--force"));
  }

  private Invocation print(CommandLine command, String what) {
    switch (what) {
      case REFERENCE -> out.print(Reference.markdown());
      case SAMPLE -> out.print(Reference.sampleFile());
      default -> {
        return refuse(command, "\"" + what + "\" is neither " + REFERENCE + " nor " + SAMPLE);
      }
    }
    return new Invocation.Answered(ExitCode.OK);
  }

  private Invocation refuse(CommandLine command, String why) {
    err.println("forebay: " + why);
    err.println("forebay: see " + command.getCommandSpec().qualifiedName() + " --help");
    return new Invocation.Answered(ExitCode.USAGE);
  }
}
