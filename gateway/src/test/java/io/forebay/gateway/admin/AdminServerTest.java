package io.forebay.gateway.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AdminServerTest {
  private static final InetSocketAddress ANY_PORT =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private final Readiness readiness = new Readiness();
  private final HttpClient client = HttpClient.newHttpClient();
  private AdminServer server;

  @BeforeEach
  void start() throws IOException {
    server = AdminServer.start(ANY_PORT, () -> "a_metric 1.0\n", "text/x-metrics", readiness);
  }

  @AfterEach
  void stop() {
    server.close();
    client.close();
  }

  private HttpResponse<String> ask(String method, String path) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.address().getPort() + path))
            .method(method, HttpRequest.BodyPublishers.noBody())
            .timeout(Duration.ofSeconds(20))
            .build();
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void healthIsThatTheProcessAnswers() throws Exception {
    HttpResponse<String> answer = ask("GET", "/healthz");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("ok\n");
  }

  @Test
  void readinessIsThatRequestsAreServed() throws Exception {
    assertThat(ask("GET", "/readyz").statusCode()).isEqualTo(503);
    assertThat(ask("GET", "/readyz").body()).isEqualTo("starting\n");

    readiness.serving(() -> List.of("the bucket is gone\nforged line", "a disk is down"));
    assertThat(ask("GET", "/readyz").statusCode()).isEqualTo(200);
    assertThat(ask("GET", "/readyz").body())
        .isEqualTo("serving\nproblem: the bucket is gone | forged line\nproblem: a disk is down\n");

    readiness.stopping();
    assertThat(ask("GET", "/readyz").statusCode()).isEqualTo(503);
    assertThat(ask("GET", "/readyz").body()).isEqualTo("stopping\n");
    assertThat(ask("GET", "/healthz").statusCode()).isEqualTo(200);
  }

  @Test
  void metricsHaveTheirOwnType() throws Exception {
    HttpResponse<String> answer = ask("GET", "/metrics?name=ignored");

    assertThat(answer.body()).isEqualTo("a_metric 1.0\n");
    assertThat(answer.headers().firstValue("content-type")).contains("text/x-metrics");
  }

  @Test
  void headIsGetWithoutTheBody() throws Exception {
    for (String path : List.of("/metrics", "/healthz", "/readyz", "/nothing")) {
      HttpResponse<String> get = ask("GET", path);
      HttpResponse<String> head = ask("HEAD", path);

      assertThat(head.statusCode()).as(path).isEqualTo(get.statusCode());
      assertThat(head.body()).isEmpty();
      assertThat(head.headers().firstValue("content-length"))
          .contains(Integer.toString(get.body().length()));
    }
  }

  @Test
  void otherMethodsAndPathsAreRefused() throws Exception {
    for (String method : List.of("POST", "PUT", "DELETE", "OPTIONS")) {
      HttpResponse<String> answer = ask(method, "/metrics");

      assertThat(answer.statusCode()).as(method).isEqualTo(405);
      assertThat(answer.headers().firstValue("allow")).contains("GET, HEAD");
    }
    for (String path : List.of("/", "/metricsX", "/metrics/", "/healthz/x", "/%2e%2e/metrics")) {
      assertThat(ask("GET", path).statusCode()).as(path).isEqualTo(404);
    }
  }

  @Test
  void nonsenseHarmsNobody() throws Exception {
    for (String nonsense :
        List.of(
            "\r\n\r\n", "GET\r\n\r\n", "\u0000\u0001\u0002\r\n\r\n", "GET /%zz HTTP/1.1\r\n\r\n")) {
      try (Socket socket = new Socket(server.address().getAddress(), server.address().getPort())) {
        socket.setSoTimeout(20_000);
        OutputStream out = socket.getOutputStream();
        out.write(nonsense.getBytes(StandardCharsets.ISO_8859_1));
        socket.shutdownOutput();
        InputStream in = socket.getInputStream();
        String answer = new String(in.readNBytes(100_000), StandardCharsets.ISO_8859_1);
        assertThat(answer).doesNotContain("200 OK");
      }
    }
    assertThat(ask("GET", "/healthz").statusCode()).isEqualTo(200);
  }

  @Test
  void aDefectInsideIsAnAnswer() throws Exception {
    readiness.serving(() -> {
      throw new IllegalStateException("on purpose");
    });

    assertThat(ask("GET", "/readyz").statusCode()).isEqualTo(500);
    assertThat(ask("GET", "/healthz").statusCode()).isEqualTo(200);
  }

  @Test
  void aTakenPortIsABindException() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      InetSocketAddress bind =
          new InetSocketAddress(InetAddress.getLoopbackAddress(), taken.getLocalPort());

      assertThatThrownBy(() -> AdminServer.start(bind, () -> "", "text/plain", readiness))
          .isInstanceOf(BindException.class);
    }
  }
}
