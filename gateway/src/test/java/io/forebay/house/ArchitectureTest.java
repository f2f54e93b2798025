package io.forebay.house;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.NullMarked;

/** Every arrow of docs/ARCHITECTURE.md, "The map". */
@AnalyzeClasses(
    packages = "io.forebay",
    importOptions = {ImportOption.DoNotIncludeTests.class, ArchitectureTest.NoTestJars.class})
class ArchitectureTest {
  /** The engine's fakes and contract suites come as a jar when Maven packages, as classes else. */
  static final class NoTestJars implements ImportOption {
    @Override
    public boolean includes(Location location) {
      return !location.contains("-tests.jar");
    }
  }

  // --- between modules

  @ArchTest
  static final ArchRule THE_ENGINE_KNOWS_NO_PROTOCOL =
      noClasses()
          .that()
          .resideInAnyPackage("io.forebay.engine..", "io.forebay.ambient..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.forebay.nfs..", "io.forebay.s3..", "io.forebay.gateway..", "io.netty..");

  @ArchTest
  static final ArchRule THE_NFS_FRONTEND_SEES_THE_ENGINES_FACE_ONLY =
      classes().that().resideInAPackage("io.forebay.nfs..").should(seeOfOurs("io.forebay.nfs"));

  @ArchTest
  static final ArchRule THE_S3_FRONTEND_SEES_THE_ENGINES_FACE_ONLY =
      classes().that().resideInAPackage("io.forebay.s3..").should(seeOfOurs("io.forebay.s3"));

  @ArchTest
  static final ArchRule THE_GATEWAY_SEES_FACES_ONLY =
      noClasses()
          .that()
          .resideInAPackage("io.forebay.gateway..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage("io.forebay.engine..", "io.forebay.nfs..", "io.forebay.s3..")
                  .and(
                      not(
                          resideInAnyPackage(
                              "io.forebay.engine",
                              "io.forebay.engine.assembly",
                              "io.forebay.nfs",
                              "io.forebay.nfs.server",
                              "io.forebay.s3",
                              "io.forebay.s3.server"))));

  @ArchTest
  static final ArchRule NOTHING_DEPENDS_ON_THE_GATEWAY =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.forebay.gateway..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.forebay.gateway..");

  // --- inside modules

  @ArchTest
  static final ArchRule THE_AMBIENT_IS_A_LEAF =
      noClasses()
          .that()
          .resideInAPackage("io.forebay.ambient..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage("io.forebay..")
                  .and(not(resideInAnyPackage("io.forebay.ambient"))));

  @ArchTest
  static final ArchRule THE_ENGINES_FACE_IS_A_LEAF =
      noClasses()
          .that()
          .resideInAPackage("io.forebay.engine")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.forebay.engine.(*)..", "org.sqlite..", "software.amazon..");

  @ArchTest
  static final ArchRule ONLY_THE_GATEWAY_SEES_THE_ASSEMBLY =
      noClasses()
          .that()
          .resideOutsideOfPackages("io.forebay.engine.assembly", "io.forebay.gateway..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.forebay.engine.assembly");

  @ArchTest
  static final ArchRule SEGMENTS_KNOW_METADATA_ONLY_AS_A_LEDGER =
      noClasses()
          .that()
          .resideInAnyPackage("io.forebay.engine.object", "io.forebay.engine.segment")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.forebay.engine.metadata..",
              "io.forebay.engine.file..",
              "io.forebay.engine.bucket..",
              "io.forebay.engine.maintenance..");

  @ArchTest
  static final ArchRule PACKAGES_FORM_NO_CYCLES =
      slices().matching("io.forebay.(**)").should().beFreeOfCycles();

  // --- libraries

  @ArchTest
  static final ArchRule SQL_IS_THE_METADATA_STORES_BUSINESS =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.forebay.engine.metadata..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.sql..", "javax.sql..", "org.sqlite..");

  @ArchTest
  static final ArchRule THE_AWS_SDK_IS_THE_OBJECT_STORES_BUSINESS =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.forebay.engine.object..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("software.amazon..");

  @ArchTest
  static final ArchRule NETTY_STAYS_AT_THE_DOORS =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "io.forebay.nfs.server..", "io.forebay.s3.server..", "io.forebay.s3.http..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.netty..");

  @ArchTest
  static final ArchRule LOGBACK_AND_PROMETHEUS_ARE_SET_UP_IN_ONE_PLACE =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.forebay.gateway.observe..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("ch.qos.logback..", "io.micrometer.prometheusmetrics..");

  // --- the world is passed in

  private static final Set<String> BANNED =
      Set.of(
          "java.lang.System.currentTimeMillis",
          "java.lang.System.nanoTime",
          "java.lang.System.getenv",
          "java.lang.Thread.sleep",
          "java.time.Instant.now",
          "java.time.LocalDateTime.now",
          "java.time.ZonedDateTime.now",
          "java.time.OffsetDateTime.now",
          "java.time.Clock.systemUTC",
          "java.util.UUID.randomUUID",
          "java.lang.Math.random",
          "java.util.Random.<init>",
          "java.util.concurrent.ThreadLocalRandom.current");

  @ArchTest
  static final ArchRule TIME_AND_CHANCE_ARE_PASSED_IN =
      classes()
          .that()
          .resideOutsideOfPackages("io.forebay.ambient..", "io.forebay.benchmarks..")
          .and(not(named("io.forebay.gateway.Main")))
          .should(
              new ArchCondition<>("not ask the world itself") {
                @Override
                public void check(JavaClass item, ConditionEvents events) {
                  item.getAccessesFromSelf().stream()
                      .filter(access -> BANNED.contains(nameOf(access.getTarget().getFullName())))
                      .forEach(access ->
                          events.add(SimpleConditionEvent.violated(item, access.getDescription())));
                }
              });

  private static String nameOf(String fullName) {
    int parenthesis = fullName.indexOf('(');
    return parenthesis < 0 ? fullName : fullName.substring(0, parenthesis);
  }

  // --- names and packages

  @ArchTest
  static final ArchRule A_CLASS_IS_NAMED_FOR_ITS_CONCEPT =
      noClasses()
          .should()
          .haveNameMatching(".*(Utils?|Helpers?|Managers?|Impl|Common|Misc)(\\$.*)?");

  @ArchTest
  static void everyPackageSaysWhatItIsForAndThatNothingIsNull(JavaClasses all) {
    Set<String> described = new TreeSet<>();
    Set<String> used = new TreeSet<>();
    for (JavaClass each : all) {
      if (each.getSimpleName().equals("package-info")) {
        if (each.isAnnotatedWith(NullMarked.class)) {
          described.add(each.getPackageName());
        }
      } else {
        used.add(each.getPackageName());
      }
    }
    used.removeAll(described);
    if (!used.isEmpty()) {
      throw new AssertionError("packages without a @NullMarked package-info: " + used);
    }
  }

  private static DescribedPredicate<JavaClass> named(String name) {
    return DescribedPredicate.describe(name, type -> type.getName().equals(name));
  }

  /** Of this project a frontend sees its own packages, the engine's face and the ambient. */
  private static ArchCondition<JavaClass> seeOfOurs(String own) {
    return new ArchCondition<>("see of this project " + own + ", io.forebay.engine and ambient") {
      @Override
      public void check(JavaClass item, ConditionEvents events) {
        item.getDirectDependenciesFromSelf().stream()
            .filter(dependency -> !isAllowed(dependency.getTargetClass().getPackageName(), own))
            .forEach(dependency ->
                events.add(SimpleConditionEvent.violated(item, dependency.getDescription())));
      }
    };
  }

  private static boolean isAllowed(String target, String own) {
    return !target.startsWith("io.forebay")
        || target.equals(own)
        || target.startsWith(own + ".")
        || target.equals("io.forebay.engine")
        || target.equals("io.forebay.ambient");
  }
}
