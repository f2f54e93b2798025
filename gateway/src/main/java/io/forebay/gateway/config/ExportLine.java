package io.forebay.gateway.config;

import io.forebay.engine.Durability;
import io.forebay.engine.EngineException;
import io.forebay.nfs.ClientRule;
import io.forebay.nfs.Export;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * An export in the words of exports(5): {@code /path -durability=bucket 10.0.0.0/8(rw)
 * 10.1.2.3(rw,no_root_squash)}. A client is an address, a range of addresses, or {@code *}. The
 * most specific range that a client is in decides, wherever it stands. Options after a dash hold
 * for the clients behind them.
 *
 * @param durability empty: that of the volume
 */
record ExportLine(String path, Optional<Durability> durability, List<ClientRule> clients) {
  private static final int MAX_CLIENTS = 1000;
  private static final String DURABILITY = "durability=";
  private static final List<String> EVERYBODY = List.of("0.0.0.0/0", "::/0");

  ExportLine {
    clients = List.copyOf(clients);
  }

  /** Throws IllegalArgumentException that says what is wrong. */
  static ExportLine parse(String text) {
    List<String> words = words(text);
    require(!words.isEmpty() && words.getFirst().startsWith("/"), "an export begins with a path");
    Optional<Durability> durability = Optional.empty();
    ExportOptions defaults = ExportOptions.NONE;
    List<ClientRule> rules = new ArrayList<>();
    for (String word : words.subList(1, words.size())) {
      if (word.startsWith("-")) {
        List<String> forClients = new ArrayList<>();
        for (String option : word.substring(1).split(",", -1)) {
          if (option.startsWith(DURABILITY)) {
            durability = Optional.of(durability(option.substring(DURABILITY.length())));
          } else {
            forClients.add(option);
          }
        }
        defaults = defaults.with(forClients);
      } else {
        rules.addAll(rules(word, defaults));
      }
    }
    require(!rules.isEmpty(), "it names no client; * stands for all");
    require(rules.size() <= MAX_CLIENTS, "it names more than " + MAX_CLIENTS + " clients");
    Set<String> ranges = new HashSet<>();
    for (ClientRule rule : rules) {
      require(ranges.add(rule.cidr()), "it names " + rule.cidr() + " twice");
    }
    rules.sort(Comparator.comparingInt(ExportLine::prefixBits).reversed());
    return new ExportLine(checked(words.getFirst()), durability, rules);
  }

  private static String checked(String path) {
    try {
      return new Export(path, List.of(), Durability.LOCAL).path();
    } catch (EngineException e) {
      throw new IllegalArgumentException("its path is wrong: " + e.getMessage(), e);
    }
  }

  /** What the frontend takes. */
  Export export(Durability volumeDurability) {
    return new Export(path, clients, durability.orElse(volumeDurability));
  }

  /** Separated by blanks; double quotes keep them. */
  private static List<String> words(String text) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    boolean isQuoted = false;
    boolean isWord = false;
    for (char c : text.toCharArray()) {
      if (c == '"') {
        isQuoted = !isQuoted;
        isWord = true;
      } else if (Character.isWhitespace(c) && !isQuoted) {
        if (isWord) {
          words.add(word.toString());
        }
        word.setLength(0);
        isWord = false;
      } else {
        word.append(c);
        isWord = true;
      }
    }
    require(!isQuoted, "a quote is not closed");
    if (isWord) {
      words.add(word.toString());
    }
    return words;
  }

  private static List<ClientRule> rules(String word, ExportOptions defaults) {
    int parenthesis = word.indexOf('(');
    String client = parenthesis < 0 ? word : word.substring(0, parenthesis);
    ExportOptions options = defaults;
    if (parenthesis >= 0) {
      require(word.endsWith(")"), "a parenthesis is not closed in " + word);
      require(!client.isEmpty(), word + " has no client before it: leave no blank between them");
      String inside = word.substring(parenthesis + 1, word.length() - 1);
      options = defaults.with(List.of(inside.split(",", -1)));
    }
    ExportOptions decided = options;
    Stream<String> ranges = client.equals("*") ? EVERYBODY.stream() : Stream.of(client);
    return ranges.map(decided::rule).toList();
  }

  private static Durability durability(String name) {
    for (Durability each : Durability.values()) {
      if (each.name().toLowerCase(Locale.ROOT).equals(name)) {
        return each;
      }
    }
    throw new IllegalArgumentException(DURABILITY + name + " is neither local nor bucket");
  }

  private static int prefixBits(ClientRule rule) {
    int slash = rule.cidr().indexOf('/');
    // A single address is more specific than any range of its kind; kinds do not meet.
    return slash < 0 ? 128 : Integer.parseInt(rule.cidr().substring(slash + 1));
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
