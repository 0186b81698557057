package io.walrus;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The map of this module: who may call whom. */
@AnalyzeClasses(packages = "io.walrus", importOptions = ImportOption.DoNotIncludeTests.class)
class RoomsTest {

    @ArchTest
    static final ArchRule commandLineCallsClientCallsProtocol =
            layeredArchitecture()
                    .consideringOnlyDependenciesInLayers()
                    .layer("cli")
                    .definedBy("io.walrus.cli..")
                    .layer("client")
                    .definedBy("io.walrus.client..")
                    .layer("protocol")
                    .definedBy("io.walrus.protocol..")
                    .whereLayer("cli")
                    .mayNotBeAccessedByAnyLayer()
                    .whereLayer("client")
                    .mayOnlyBeAccessedByLayers("cli");

    @ArchTest
    static final ArchRule protocolKnowsOnlyBuffers =
            classes()
                    .that()
                    .resideInAPackage("io.walrus.protocol..")
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage("java..", "io.walrus.protocol..", "io.vertx.core.buffer..");

    @ArchTest
    static final ArchRule allButOneClassUseThePublicPartOfVertxOnly =
            noClasses()
                    .that()
                    .resideInAPackage("io.walrus..")
                    .and()
                    .doNotHaveSimpleName("VerticleEnd")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "io.vertx.core.internal..", "io.vertx.core.impl..", "io.netty..");

    @ArchTest
    static final ArchRule onlyTheCommandLineKnowsItsLibraries =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("io.walrus.cli..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "picocli..",
                            "org.jline..",
                            "me.tongfei..",
                            "com.github.freva..",
                            "org.HdrHistogram..");

    @ArchTest
    static final ArchRule onlyOneClassKnowsTheLineEditor =
            noClasses()
                    .that()
                    .doNotHaveSimpleName("ReplTerminal")
                    .and()
                    .resideInAPackage("io.walrus..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("org.jline..");

    @ArchTest
    static final ArchRule onlyOneClassKnowsTheTables =
            noClasses()
                    .that()
                    .doNotHaveSimpleName("TextTable")
                    .and()
                    .resideInAPackage("io.walrus..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("com.github.freva..");

    @ArchTest
    static final ArchRule commandLineHasOneDoor =
            classes()
                    .that()
                    .resideInAPackage("io.walrus.cli")
                    .and()
                    .doNotHaveSimpleName("WalrusCommandLine")
                    .and()
                    .doNotHaveSimpleName("CliStreams")
                    .should()
                    .notBePublic();
}
