package io.forebay.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

class EndpointsTest {
  private static InetSocketAddress at(String address, int port) {
    return new InetSocketAddress(InetAddress.ofLiteral(address), port);
  }

  @Test
  void theFileHasAddressesAndRealPorts() throws Exception {
    Endpoints endpoints =
        new Endpoints(at("0.0.0.0", 2049), at("127.0.0.1", 9000), at("::1", 9090));

    assertThat(new JsonMapper().readTree(endpoints.json(7)))
        .isEqualTo(
            new JsonMapper()
                .readTree(
                    """
                    {"pid": 7,
                     "nfs": {"address": "0.0.0.0", "port": 2049},
                     "s3": {"address": "127.0.0.1", "port": 9000},
                     "admin": {"address": "0:0:0:0:0:0:0:1", "port": 9090}}
                    """));
  }

  @Test
  void clientsAreToldTheMachinesNameWhereItListensOnAllAddresses() {
    assertThat(Endpoints.url(at("0.0.0.0", 9000), "box")).isEqualTo("http://box:9000");
    assertThat(Endpoints.url(at("::", 9000), "box")).isEqualTo("http://box:9000");
    assertThat(Endpoints.url(at("10.1.2.3", 9000), "box")).isEqualTo("http://10.1.2.3:9000");
    assertThat(Endpoints.url(at("::1", 9000), "box")).isEqualTo("http://[0:0:0:0:0:0:0:1]:9000");
  }
}
