package io.walrus.metadata;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Who may import whom in this module. */
final class HouseRulesTest {
    private static final String RAFT = "io.walrus.metadata.raft..";
    private static final JavaClasses HOUSE =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("io.walrus.metadata");

    @Test
    void onlyTheRaftRoomKnowsTheRaftLibraryAndTheNetwork() {
        noClasses()
                .that()
                .resideOutsideOfPackage(RAFT)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("com.alipay..", "com.google..", "io.vertx..", "io.netty..")
                .check(HOUSE);
    }

    @Test
    void stateAndLeaseArePure() {
        noClasses()
                .that()
                .resideInAnyPackage("io.walrus.metadata", "io.walrus.metadata.lease..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "java.io..",
                        "java.nio..",
                        "java.net..",
                        "java.time..",
                        "com.fasterxml..",
                        "io.walrus.metadata.raft..",
                        "io.walrus.metadata.codec..")
                .check(HOUSE);
        noClasses()
                .that()
                .resideInAnyPackage("io.walrus.metadata", "io.walrus.metadata.lease..")
                .should()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(Math.class, "random")
                .check(HOUSE);
    }

    @Test
    void stateKnowsNoLease() {
        noClasses()
                .that()
                .resideInAPackage("io.walrus.metadata")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.walrus.metadata.lease..")
                .check(HOUSE);
    }

    @Test
    void codecKnowsOnlyTheState() {
        noClasses()
                .that()
                .resideInAPackage("io.walrus.metadata.codec..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.walrus.metadata.raft..", "io.walrus.metadata.lease..")
                .check(HOUSE);
    }

    @Test
    void onlyDoorsAndTheirValuesArePublicInTheRaftRoom() {
        classes()
                .that()
                .resideInAPackage(RAFT)
                .and()
                .arePublic()
                .and()
                .areTopLevelClasses()
                .should()
                .haveNameMatching(
                        ".*\\.(RaftMetadata|RaftMetadataOptions|RaftStatus|MetadataStartException|NodeRemovedException|PortRpcFactory)")
                .check(HOUSE);
    }

    @Test
    void nobodyPrintsOrReadsTheEnvironment() {
        noClasses()
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould()
                .callMethod(System.class, "getenv", String.class)
                .check(HOUSE);
    }
}
