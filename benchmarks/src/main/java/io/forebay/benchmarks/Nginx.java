package io.forebay.benchmarks;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The peer for reads: nginx with sendfile on a directory, on a loopback port of its own. */
final class Nginx implements AutoCloseable {
  private static final String CONFIGURATION =
      """
      daemon off;
      master_process off;
      worker_processes 1;
      pid %1$s/nginx.pid;
      error_log %1$s/error.log;
      events { worker_connections 1024; }
      http {
        access_log off;
        sendfile on;
        tcp_nopush on;
        keepalive_requests 1000000;
        client_body_temp_path %1$s/body;
        proxy_temp_path %1$s/proxy;
        fastcgi_temp_path %1$s/fastcgi;
        uwsgi_temp_path %1$s/uwsgi;
        scgi_temp_path %1$s/scgi;
        server { listen 127.0.0.1:%2$d; root %3$s; }
      }
      """;

  private final Process process;
  private final int port;

  private Nginx(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Starts it; empty when the machine has no nginx. */
  static Optional<Nginx> start(Path scratch, Path root) throws Exception {
    Path binary = Path.of("/usr/sbin/nginx");
    if (!Files.isExecutable(binary)) {
      return Optional.empty();
    }
    int port = freePort();
    Path own = Files.createDirectories(scratch.resolve("nginx"));
    Path configuration =
        Files.writeString(own.resolve("nginx.conf"), CONFIGURATION.formatted(own, port, root));
    Process process =
        new ProcessBuilder(
                binary.toString(),
                "-c",
                configuration.toString(),
                "-p",
                own.toString(),
                "-g",
                "user root;")
            .redirectErrorStream(true)
            .redirectOutput(own.resolve("out").toFile())
            .start();
    awaitPort(process, port);
    return Optional.of(new Nginx(process, port));
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Waits until a process we started listens. */
  static void awaitPort(Process process, int port) throws Exception {
    for (int attempt = 0; attempt < 600; attempt++) {
      try (Socket probe = new Socket(InetAddress.getLoopbackAddress(), port)) {
        if (probe.isConnected()) {
          return;
        }
      } catch (IOException notYet) {
        if (process.waitFor(100, TimeUnit.MILLISECONDS)) {
          throw new IOException("the process ended with status " + process.exitValue(), notYet);
        }
      }
    }
    throw new IOException("nothing listens on port " + port);
  }

  int port() {
    return port;
  }

  double cpuSeconds() throws IOException {
    return ProcessCpu.seconds(process.toHandle());
  }

  @Override
  public void close() throws IOException {
    process.destroy();
    process.onExit().join();
  }
}
