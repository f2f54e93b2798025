package io.forebay.benchmarks;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * A keep-alive HTTP/1.1 connection that does as little as possible, so that the load generator's
 * CPU does not hide the server's. Answers need a Content-Length.
 */
final class HttpConnection implements AutoCloseable {
  private static final int MAX_LINE = 16 << 10;

  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;
  private final byte[] sink = new byte[256 << 10];

  /** Connects to a port of the loopback address. */
  HttpConnection(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    in = new BufferedInputStream(socket.getInputStream(), 64 << 10);
    out = socket.getOutputStream();
  }

  /**
   * GETs and throws the body away.
   *
   * @param url its host is sent as the Host header; the connection's port is used
   * @param range value of a Range header, or ""
   * @return bytes of the body
   */
  long get(URI url, String range) throws IOException {
    send("GET", url, range.isEmpty() ? "" : "Range: " + range + "\r\n");
    return receive(range.isEmpty() ? 200 : 206);
  }

  /** PUTs. */
  long put(URI url, byte[] body) throws IOException {
    send("PUT", url, "Content-Length: " + body.length + "\r\n");
    out.write(body);
    out.flush();
    receive(200);
    return body.length;
  }

  private void send(String method, URI url, String headers) throws IOException {
    String target = url.getRawPath() + (url.getRawQuery() == null ? "" : "?" + url.getRawQuery());
    String head =
        method + " " + target + " HTTP/1.1\r\nHost: " + url.getAuthority() + "\r\n" + headers;
    out.write((head + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
  }

  private long receive(int expectedStatus) throws IOException {
    String status = line();
    long length = -1;
    for (String header = line(); !header.isEmpty(); header = line()) {
      if (header.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
        length = Long.parseLong(header.substring(15).strip());
      }
    }
    if (!status.startsWith("HTTP/1.1 " + expectedStatus)) {
      throw new IOException("expected " + expectedStatus + ", got " + status + body(length));
    }
    if (length < 0) {
      throw new IOException("an answer without Content-Length: " + status);
    }
    skip(length);
    return length;
  }

  private String body(long length) throws IOException {
    return length <= 0
        ? ""
        : "\n" + new String(in.readNBytes((int) Math.min(length, 4096)), StandardCharsets.UTF_8);
  }

  private void skip(long length) throws IOException {
    long left = length;
    while (left > 0) {
      int n = in.read(sink, 0, (int) Math.min(sink.length, left));
      if (n < 0) {
        throw new EOFException("the body ended " + left + " bytes early");
      }
      left -= n;
    }
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0 || line.length() > MAX_LINE) {
        throw new EOFException("no end of line");
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
