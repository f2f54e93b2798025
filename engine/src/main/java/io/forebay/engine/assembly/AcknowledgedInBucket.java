package io.forebay.engine.assembly;

import io.forebay.engine.FileSystem;
import io.forebay.engine.ObjectView;
import io.forebay.engine.segment.ShippedLog;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Views whose operations return only when the log that names their changes is in the bucket. It is
 * a list of what need not wait, not of what has to: an operation that is added later waits until
 * somebody has said that it changes nothing. Open files wait for themselves.
 */
final class AcknowledgedInBucket {
  private static final Set<String> FILE_READS =
      Set.of(
          "volume",
          "durability",
          "writeVerifier",
          "attributes",
          "permissions",
          "lookup",
          "lookupParent",
          "readDirectory",
          "readSymlink",
          "open",
          "extendedAttribute",
          "extendedAttributes",
          "statistics",
          "releaseUnclaimedFiles");

  private static final Set<String> OBJECT_READS =
      Set.of(
          "buckets",
          "bucket",
          "head",
          "open",
          "newContent",
          "checkPut",
          "list",
          "versions",
          "settings",
          "versioning",
          "objectLock",
          "upload",
          "parts",
          "uploads");

  private AcknowledgedInBucket() {}

  static FileSystem of(FileSystem view, Supplier<ShippedLog> log) {
    return proxy(FileSystem.class, view, FILE_READS, log);
  }

  static ObjectView of(ObjectView view, Supplier<ShippedLog> log) {
    return proxy(ObjectView.class, view, OBJECT_READS, log);
  }

  private static <T> T proxy(Class<T> face, T view, Set<String> reads, Supplier<ShippedLog> log) {
    return face.cast(
        Proxy.newProxyInstance(
            face.getClassLoader(),
            new Class<?>[] {face},
            (proxy, method, arguments) -> {
              boolean waits =
                  !reads.contains(method.getName()) && method.getDeclaringClass() != Object.class;
              if (waits) {
                log.get().requireShipping();
              }
              Object answer = call(view, method, arguments);
              if (waits) {
                log.get().awaitShipped();
              }
              return answer;
            }));
  }

  private static @Nullable Object call(
      Object view, Method method, @Nullable Object @Nullable [] arguments) throws Throwable {
    try {
      return method.invoke(view, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause() == null ? e : e.getCause();
    }
  }
}
