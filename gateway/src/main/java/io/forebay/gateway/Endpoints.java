package io.forebay.gateway;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * Where a running gateway listens, with the real ports.
 *
 * @param nfs of NFS
 * @param s3 of S3
 * @param admin of metrics and health
 */
record Endpoints(InetSocketAddress nfs, InetSocketAddress s3, InetSocketAddress admin) {
  /** For scripts: {@code {"pid":1,"nfs":{"address":"127.0.0.1","port":2049},...}}. */
  String json(long pid) {
    JsonMapper mapper = new JsonMapper();
    ObjectNode all = mapper.createObjectNode();
    all.put("pid", pid);
    add(all.putObject("nfs"), nfs);
    add(all.putObject("s3"), s3);
    add(all.putObject("admin"), admin);
    return all.toPrettyString() + "\n";
  }

  @Override
  public String toString() {
    return "NFS on " + text(nfs) + ", S3 on " + text(s3) + ", admin on " + text(admin);
  }

  private static String text(InetSocketAddress address) {
    return bracketed(address.getAddress().getHostAddress()) + ":" + address.getPort();
  }

  private static void add(ObjectNode node, InetSocketAddress address) {
    node.put("address", address.getAddress().getHostAddress()).put("port", address.getPort());
  }

  /**
   * {@code http://host:port} for a client of this machine, or of others where it listens for all.
   */
  static String url(InetSocketAddress address, String hostName) {
    return "http://" + bracketed(host(address, hostName)) + ":" + address.getPort();
  }

  /** The host name to tell a client: the machine's where it listens on all addresses. */
  static String host(InetSocketAddress address, String hostName) {
    InetAddress ip = address.getAddress();
    return ip.isAnyLocalAddress() ? hostName : ip.getHostAddress();
  }

  /** How an address with colons stands before a colon. */
  static String bracketed(String host) {
    return host.contains(":") ? "[" + host + "]" : host;
  }
}
