package io.walrus.wal;

import static com.tngtech.archunit.core.domain.JavaModifier.FINAL;
import static com.tngtech.archunit.core.domain.JavaModifier.PUBLIC;
import static com.tngtech.archunit.core.domain.JavaModifier.STATIC;
import static com.tngtech.archunit.core.domain.JavaModifier.SYNTHETIC;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The map of this module: which room may know which. */
class RoomsTest {

    private static final String ENGINE = "io.walrus.wal";
    private static final String DISK = "io.walrus.wal.disk";
    private static final String FORMAT = "io.walrus.wal.format";
    private static final String TOOL = "io.walrus.wal.tool";
    private static final String JDK = "java..";

    private static final JavaClasses PRODUCTION =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages(ENGINE);

    @Test
    void everyRoomIsOnTheMap() {
        assertThat(PRODUCTION.stream().map(JavaClass::getPackageName).distinct())
                .containsExactlyInAnyOrder(ENGINE, DISK, FORMAT, TOOL);
    }

    @Test
    void diskAndFormatAreLeaves() {
        classes()
                .that()
                .resideInAPackage(DISK)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(DISK, JDK)
                .check(PRODUCTION);
        classes()
                .that()
                .resideInAPackage(FORMAT)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(FORMAT, JDK)
                .check(PRODUCTION);
    }

    @Test
    void theToolsKnowTheBytesAndTheDiskButNotTheEngine() {
        classes()
                .that()
                .resideInAPackage(TOOL)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(TOOL, FORMAT, DISK, JDK)
                .check(PRODUCTION);
    }

    @Test
    void theEngineNeedsTheJdkOnlyAndNoTools() {
        classes()
                .that()
                .resideInAPackage(ENGINE)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(ENGINE, FORMAT, DISK, JDK)
                .check(PRODUCTION);
    }

    @Test
    void onlyTheDiskOpensFiles() {
        noClasses()
                .that()
                .resideOutsideOfPackage(DISK)
                .should()
                .dependOnClassesThat(opensFiles())
                .because("faults come in at the seam, and an interrupt must never close a file")
                .check(PRODUCTION);
    }

    private static DescribedPredicate<JavaClass> opensFiles() {
        return DescribedPredicate.describe(
                "open files",
                type ->
                        type.getPackageName().startsWith("java.nio.channels")
                                || type.getName().equals("java.nio.file.Files")
                                || type.getName().equals("java.nio.file.FileSystems")
                                || type.getName().equals("java.io.RandomAccessFile")
                                || type.getName().equals("java.io.File")
                                || type.getName().startsWith("java.io.FileInput")
                                || type.getName().startsWith("java.io.FileOutput")
                                || type.getName().startsWith("java.io.FileReader")
                                || type.getName().startsWith("java.io.FileWriter"));
    }

    @Test
    void aRoomHasOneDoor() {
        classes()
                .that()
                .resideInAPackage(TOOL)
                .and()
                .areTopLevelClasses()
                .and()
                .haveModifier(PUBLIC)
                .should()
                .haveSimpleName("WalTool")
                .check(PRODUCTION);
        classes()
                .that()
                .resideInAPackage(DISK)
                .and()
                .areTopLevelClasses()
                .and()
                .haveModifier(PUBLIC)
                .should()
                .haveNameMatching(".*\\.(Disk|DiskFile|MappedRegion|RealDisk)")
                .check(PRODUCTION);
    }

    @Test
    void nothingStaticChanges() {
        fields().that()
                .haveModifier(STATIC)
                .and()
                .doNotHaveModifier(SYNTHETIC)
                .should()
                .haveModifier(FINAL)
                .because("two logs in one process share nothing")
                .check(PRODUCTION);
    }

    @Test
    void theEnvironmentIsNobodysBusinessHere() {
        noClasses()
                .should()
                .callMethodWhere(
                        DescribedPredicate.describe(
                                "reads the environment, or ends the process",
                                call ->
                                        call.getTargetOwner().isEquivalentTo(System.class)
                                                && (call.getName().equals("getenv")
                                                        || call.getName().equals("getProperty")
                                                        || call.getName().equals("exit"))))
                .check(PRODUCTION);
        noClasses().should().accessField(System.class, "out").check(PRODUCTION);
        noClasses().should().accessField(System.class, "err").check(PRODUCTION);
    }
}
