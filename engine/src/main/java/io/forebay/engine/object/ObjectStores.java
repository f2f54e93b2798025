package io.forebay.engine.object;

import io.forebay.ambient.TimeSource;
import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import java.net.URI;
import java.nio.file.Path;

/** Opens a backing bucket by its URL. */
public final class ObjectStores {
  private ObjectStores() {}

  /**
   * Opens, without a request to the store; bare, without retries and meters.
   *
   * @param url {@code file:///DIR}, or {@code
   *     s3://BUCKET/PREFIX?endpoint=URL&region=NAME&pathStyle= true|false}; every query parameter
   *     may be left out
   * @param connections at once, 1 or more
   * @throws EngineException {@link ErrorCode#INVALID_ARGUMENT} for any other URL
   */
  public static ObjectStore open(URI url, int connections, TimeSource time) {
    String scheme = url.getScheme();
    if ("file".equals(scheme) && url.getPath() != null) {
      return new DirectoryObjectStore(Path.of(url.getPath()), time);
    }
    if ("s3".equals(scheme)) {
      return S3ObjectStore.open(S3Location.parse(url), connections);
    }
    throw new EngineException(
        ErrorCode.INVALID_ARGUMENT,
        "a bucket URL begins with file:/// or s3://, unlike \"" + url + "\"");
  }
}
