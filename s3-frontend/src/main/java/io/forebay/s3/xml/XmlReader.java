package io.forebay.s3.xml;

import io.forebay.s3.op.S3Error;
import io.forebay.s3.op.S3Exception;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/**
 * Pulls elements out of a request's document, whose bytes are bounded before they come here. No
 * DTD, no entities but the five that XML has, no depth to speak of; whatever a caller does not
 * expect is malformed, as S3's schema would have it. Namespaces are not looked at: clients send the
 * one of S3, or none.
 */
final class XmlReader {
  private static final int MAX_DEPTH = 16;

  /** The longest text of one element: well above a key with every byte escaped. */
  private static final int MAX_TEXT = 16 << 10;

  private final XMLStreamReader reader;
  private int depth;

  private XmlReader(XMLStreamReader reader) {
    this.reader = reader;
  }

  /**
   * Opens a document.
   *
   * @param root the name its root must have
   * @throws S3Exception {@link S3Error#MALFORMED_XML}, here and in all methods
   */
  static XmlReader open(byte[] document, String root) {
    if (document.length == 0) {
      throw new S3Exception(S3Error.MISSING_REQUEST_BODY);
    }
    try {
      XmlReader opened =
          new XmlReader(factory().createXMLStreamReader(new StringReader(decode(document))));
      opened.require(root.equals(opened.nextElement()));
      return opened;
    } catch (XMLStreamException | CharacterCodingException | RuntimeException e) {
      throw malformed(e);
    }
  }

  /** UTF-8, which all clients send; a byte order mark is left out. */
  private static String decode(byte[] document) throws CharacterCodingException {
    String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(document)).toString();
    return text.startsWith("\uFEFF") ? text.substring(1) : text;
  }

  private static XMLInputFactory factory() {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, true);
    factory.setProperty(XMLInputFactory.IS_COALESCING, false);
    // The JDK's own reporter writes to the standard error stream.
    factory.setXMLReporter((message, type, information, location) -> {});
    factory.setXMLResolver((publicId, systemId, base, namespace) -> {
      throw new XMLStreamException("no entities");
    });
    return factory;
  }

  /**
   * Goes to the next child of the element that is open.
   *
   * @return its name, its text or children still to be read; null at the end of the open element,
   *     which is closed then
   */
  @Nullable String nextElement() {
    try {
      while (reader.hasNext()) {
        switch (reader.next()) {
          case XMLStreamConstants.START_ELEMENT -> {
            require(++depth <= MAX_DEPTH);
            return reader.getLocalName();
          }
          case XMLStreamConstants.END_ELEMENT -> {
            depth--;
            return null;
          }
          case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA ->
              require(reader.isWhiteSpace());
          case XMLStreamConstants.SPACE, XMLStreamConstants.COMMENT -> {}
          default -> throw malformed(null);
        }
      }
      throw malformed(null);
    } catch (XMLStreamException | RuntimeException e) {
      throw malformed(e);
    }
  }

  /** The text of the element that was just opened, which has no children; closes it. */
  String text() {
    try {
      StringBuilder text = new StringBuilder();
      while (true) {
        switch (reader.next()) {
          case XMLStreamConstants.CHARACTERS,
              XMLStreamConstants.CDATA,
              XMLStreamConstants.SPACE -> {
            require(text.length() + reader.getTextLength() <= MAX_TEXT);
            text.append(reader.getTextCharacters(), reader.getTextStart(), reader.getTextLength());
          }
          case XMLStreamConstants.COMMENT -> {}
          case XMLStreamConstants.END_ELEMENT -> {
            depth--;
            return text.toString();
          }
          default -> throw malformed(null);
        }
      }
    } catch (XMLStreamException | RuntimeException e) {
      throw malformed(e);
    }
  }

  /** Requires that nothing follows the root but blanks and comments. */
  void finish() {
    try {
      require(depth == 0);
      while (reader.hasNext()) {
        switch (reader.next()) {
          case XMLStreamConstants.SPACE,
              XMLStreamConstants.COMMENT,
              XMLStreamConstants.END_DOCUMENT -> {}
          case XMLStreamConstants.CHARACTERS -> require(reader.isWhiteSpace());
          default -> throw malformed(null);
        }
      }
    } catch (XMLStreamException | RuntimeException e) {
      throw malformed(e);
    }
  }

  private void require(boolean holds) {
    if (!holds) {
      throw malformed(null);
    }
  }

  /** A client's mistake: the parser's words are kept out of the answer and of the log. */
  private static S3Exception malformed(@Nullable Exception unread) {
    return unread instanceof S3Exception ours ? ours : new S3Exception(S3Error.MALFORMED_XML);
  }
}
