package dev.earshot.cli;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.elements.ClassesShouldConjunction;

/**
 * The arrows of the house: cli -> services -> protocol, simulator -> agent -> engine, registry ->
 * engine.
 */
@AnalyzeClasses(packages = "dev.earshot", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String PROTOCOL = "dev.earshot.protocol..";
  private static final String SERVICE = "dev.earshot.service..";
  private static final String ENGINE = "dev.earshot.ndp..";

  @ArchTest
  static final ArchRule protocolDependsOnNothingOfOurs =
      onlyOurs(PROTOCOL, PROTOCOL).because("everybody depends on it");

  @ArchTest
  static final ArchRule protocolAndEngineImportNoFramework =
      noClasses()
          .that(resideInAnyPackage(PROTOCOL, ENGINE))
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(
                  "io.vertx..", "io.netty..", "org.apache.kafka..", "picocli..", "org.slf4j.."));

  @ArchTest static final ArchRule engineStandsAlone = onlyOurs(ENGINE, ENGINE);

  @ArchTest
  static final ArchRule onlyBenchesMeasureBesideTheRealTensorFlowLite =
      noClasses()
          .that(
              resideInAPackage("dev.earshot..")
                  .and(not(resideInAnyPackage("dev.earshot.tflite..", "dev.earshot.cli.bench.."))))
          .should()
          .dependOnClassesThat(resideInAPackage("dev.earshot.tflite.."));

  @ArchTest
  static final ArchRule tensorFlowLiteKnowsNobody =
      onlyOurs("dev.earshot.tflite..", "dev.earshot.tflite..");

  @ArchTest
  static final ArchRule serviceEdgeKnowsTheProtocolOnly = onlyOurs(SERVICE, SERVICE, PROTOCOL);

  @ArchTest
  static final ArchRule agentKnowsEngineAndProtocol =
      onlyOurs("dev.earshot.agent..", "dev.earshot.agent..", PROTOCOL, ENGINE);

  @ArchTest
  static final ArchRule simulatorKnowsAgentEngineAndProtocol =
      onlyOurs(
          "dev.earshot.simulator..",
          "dev.earshot.simulator..",
          "dev.earshot.agent..",
          PROTOCOL,
          ENGINE,
          SERVICE);

  @ArchTest
  static final ArchRule gatewayKnowsNoOtherService =
      onlyOurs("dev.earshot.gateway..", "dev.earshot.gateway..", PROTOCOL, SERVICE);

  @ArchTest
  static final ArchRule registryKnowsTheEngineButNoOtherService =
      onlyOurs("dev.earshot.registry..", "dev.earshot.registry..", PROTOCOL, SERVICE, ENGINE);

  @ArchTest
  static final ArchRule rolloutKnowsNoOtherService =
      onlyOurs("dev.earshot.rollout..", "dev.earshot.rollout..", PROTOCOL, SERVICE);

  @ArchTest
  static final ArchRule monitoringKnowsNoOtherService =
      onlyOurs("dev.earshot.monitoring..", "dev.earshot.monitoring..", PROTOCOL, SERVICE);

  @ArchTest
  static final ArchRule decisionsOfTheRolloutImportNeitherKafkaNorHttp =
      noClasses()
          .that(
              resideInAnyPackage(
                  "dev.earshot.rollout.gate..",
                  "dev.earshot.rollout.cohort..",
                  "dev.earshot.rollout.plan..",
                  "dev.earshot.rollout.stage..",
                  "dev.earshot.rollout.assignment..",
                  "dev.earshot.rollout.lifecycle.."))
          .should()
          .dependOnClassesThat(
              resideInAnyPackage("org.apache.kafka..", "io.vertx..", "java.net.."));

  @ArchTest
  static final ArchRule statisticsStandAlone =
      classes()
          .that(resideInAPackage("dev.earshot.rollout.gate.."))
          .should()
          .onlyDependOnClassesThat(
              resideInAnyPackage(
                  "dev.earshot.rollout.gate..",
                  "java..",
                  "org.apache.commons.numbers..",
                  "org.apache.commons.statistics..",
                  "org.jspecify.."));

  @ArchTest
  static final ArchRule kafkaStaysInTheStreamPackages =
      noClasses()
          .that(
              resideInAnyPackage("dev.earshot.rollout..", "dev.earshot.monitoring..")
                  .and(not(resideInAnyPackage("..stream.."))))
          .should()
          .dependOnClassesThat(resideInAPackage("org.apache.kafka.."));

  @ArchTest
  static final ArchRule servicesHaveNoCycles =
      slices().matching("dev.earshot.(*)..").should().beFreeOfCycles();

  private static ClassesShouldConjunction onlyOurs(String from, String... allowed) {
    return noClasses()
        .that(resideInAPackage(from))
        .should()
        .dependOnClassesThat(
            resideInAPackage("dev.earshot..").and(not(resideInAnyPackage(allowed))));
  }
}
