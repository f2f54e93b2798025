package io.forebay.engine.assembly;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.engine.FileSystem;
import io.forebay.engine.ObjectView;
import io.forebay.testkit.CountingShippedLog;
import java.lang.reflect.Array;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which operations answer only when the log is in the bucket: those that change something. */
class AcknowledgedInBucketTest {
  private final CountingShippedLog log = new CountingShippedLog();

  @Test
  void everyChangeOfTheTreeWaitsAndNoReadDoes() throws Exception {
    FileSystem view = AcknowledgedInBucket.of(answeringNothing(FileSystem.class), () -> log);
    assertThat(waiting(FileSystem.class, view))
        .containsExactly(
            "createDirectory",
            "createFile",
            "createSpecial",
            "createSymlink",
            "link",
            "remove",
            "removeExtendedAttribute",
            "rename",
            "setAttributes",
            "setAttributesOfOpenFile",
            "setExtendedAttribute");
  }

  @Test
  void everyChangeOfObjectsWaitsAndNoReadDoes() throws Exception {
    ObjectView view = AcknowledgedInBucket.of(answeringNothing(ObjectView.class), () -> log);
    assertThat(waiting(ObjectView.class, view))
        .containsExactly(
            "abortUpload",
            "completeUpload",
            "copy",
            "copyPart",
            "createBucket",
            "createUpload",
            "delete",
            "deleteBucket",
            "put",
            "putPart",
            "putSetting",
            "remove",
            "removeVersion",
            "setLock",
            "setObjectLock",
            "setTags",
            "setVersioning");
  }

  private <T> Set<String> waiting(Class<T> face, T view) throws Exception {
    Set<String> names = new TreeSet<>();
    for (Method method : face.getMethods()) {
      Object unused =
          method.invoke(
              view,
              Arrays.stream(method.getParameterTypes())
                  .map(AcknowledgedInBucketTest::nothing)
                  .toArray());
      if (log.takeWaits() > 0) {
        names.add(method.getName());
      }
    }
    return names;
  }

  private static <T> T answeringNothing(Class<T> face) {
    return face.cast(
        Proxy.newProxyInstance(
            face.getClassLoader(),
            new Class<?>[] {face},
            (proxy, method, arguments) -> nothing(method.getReturnType())));
  }

  private static @Nullable Object nothing(Class<?> type) {
    return type.isPrimitive() && type != void.class
        ? Array.get(Array.newInstance(type, 1), 0)
        : null;
  }
}
