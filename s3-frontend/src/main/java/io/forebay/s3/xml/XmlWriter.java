package io.forebay.s3.xml;

import io.forebay.ambient.Invariant;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;

/** Writes a document without blanks between elements, as S3 does. */
final class XmlWriter {
  private static final String DECLARATION = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  private static final String NAMESPACE = " xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"";

  /** What to do with characters that XML 1.0 has no way to write. */
  private enum Unwritable {
    /**
     * As references, like S3: a strict parser refuses the document, but none reads a wrong name.
     * Clients that have such keys ask for {@code encoding-type=url}.
     */
    REFER,
    /** As U+FFFD: the document is for people, and has to be readable. */
    REPLACE
  }

  private final StringBuilder out = new StringBuilder(1024).append(DECLARATION);
  private final Deque<String> open = new ArrayDeque<>();
  private final Unwritable unwritable;

  private XmlWriter(Unwritable unwritable) {
    this.unwritable = unwritable;
  }

  /** An answer in S3's namespace. */
  static XmlWriter answer(String root) {
    XmlWriter writer = new XmlWriter(Unwritable.REFER);
    writer.open.push(root);
    writer.out.append('<').append(root).append(NAMESPACE).append('>');
    return writer;
  }

  /** An error, which has no namespace. */
  static XmlWriter error() {
    return new XmlWriter(Unwritable.REPLACE).open("Error");
  }

  XmlWriter open(String name) {
    return open(name, "");
  }

  /**
   * Opens with attributes.
   *
   * @param attributes as they stand in the tag, a blank in front
   */
  XmlWriter open(String name, String attributes) {
    open.push(name);
    out.append('<').append(name).append(attributes).append('>');
    return this;
  }

  XmlWriter close() {
    out.append("</").append(open.pop()).append('>');
    return this;
  }

  /** An element with a text; without one, an empty tag. */
  XmlWriter element(String name, String text) {
    out.append('<').append(name);
    if (text.isEmpty()) {
      out.append("/>");
      return this;
    }
    out.append('>');
    escape(text);
    out.append("</").append(name).append('>');
    return this;
  }

  /** Text of the open element. */
  XmlWriter text(String text) {
    escape(text);
    return this;
  }

  XmlWriter element(String name, long number) {
    return element(name, Long.toString(number));
  }

  XmlWriter element(String name, boolean value) {
    return element(name, Boolean.toString(value));
  }

  /** Closes the root. */
  byte[] finish() {
    close();
    Invariant.check(open.isEmpty(), "elements left open", open.size());
    return out.toString().getBytes(StandardCharsets.UTF_8);
  }

  private void escape(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> out.append("&amp;");
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '"' -> out.append("&quot;");
        // A reader would turn it into a line feed.
        case '\r' -> out.append("&#xD;");
        default -> escapeOther(text, i, c);
      }
    }
  }

  private void escapeOther(String text, int i, char c) {
    boolean control = c < 0x20 && c != '\t' && c != '\n';
    boolean noncharacter = c == '\uFFFE' || c == '\uFFFF';
    if (!control && !noncharacter && !isLoneSurrogate(text, i, c)) {
      out.append(c);
    } else if (unwritable == Unwritable.REPLACE || Character.isSurrogate(c)) {
      out.append('\uFFFD');
    } else {
      out.append("&#x").append(Integer.toHexString(c).toUpperCase(Locale.ROOT)).append(';');
    }
  }

  private static boolean isLoneSurrogate(String text, int i, char c) {
    if (Character.isHighSurrogate(c)) {
      return i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1));
    }
    return Character.isLowSurrogate(c)
        && (i == 0 || !Character.isHighSurrogate(text.charAt(i - 1)));
  }
}
