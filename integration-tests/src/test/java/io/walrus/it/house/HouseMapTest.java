package io.walrus.it.house;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * The executable map of the house: which room may import which. An arrow that is not here fails.
 */
class HouseMapTest {

    private static final JavaClasses HOUSE =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages("io.walrus");

    /** Room → the other rooms that it may know. Rooms without a line may know nobody. */
    private static final Map<String, Set<String>> ARROWS = HouseMap.arrows();

    @Test
    void everyRoomKnowsOnlyTheRoomsOnTheMap() {
        var found = new TreeMap<String, Set<String>>();
        for (JavaClass from : HOUSE) {
            from.getDirectDependenciesFromSelf().stream()
                    .map(arrow -> arrow.getTargetClass().getPackageName())
                    .filter(to -> to.startsWith("io.walrus"))
                    .filter(to -> !to.equals(from.getPackageName()))
                    .filter(
                            to ->
                                    !ARROWS.getOrDefault(from.getPackageName(), Set.of())
                                            .contains(to))
                    .forEach(
                            to ->
                                    found.computeIfAbsent(
                                                    from.getPackageName(), k -> new TreeSet<>())
                                            .add(to + " (by " + from.getSimpleName() + ")"));
        }
        assertThat(found).as("arrows that are not on the map").isEmpty();
    }

    @Test
    void everyRoomIsOnTheMap() {
        var rooms = new TreeSet<String>();
        HOUSE.forEach(c -> rooms.add(c.getPackageName()));
        assertThat(rooms).isSubsetOf(ARROWS.keySet());
    }

    @Test
    void theEngineNeedsTheJdkOnly() {
        onlyImports("io.walrus.wal..", "java..", "javax..", "io.walrus.wal..").check(HOUSE);
    }

    @Test
    void raftIsBehindOneDoor() {
        importsOf("com.alipay..").outside("io.walrus.metadata.raft..").check(HOUSE);
    }

    @Test
    void aRuleOfThisMapCanFail() {
        assertThatThrownBy(() -> onlyImports("io.walrus.node..", "java.lang..").check(HOUSE))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("io.walrus.node");
    }

    private static ArchRule onlyImports(String room, String... allowed) {
        return com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes()
                .that()
                .resideInAPackage(room)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(allowed);
    }

    private static Outside importsOf(String library) {
        return room ->
                noClasses()
                        .that()
                        .resideOutsideOfPackage(room)
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage(library);
    }

    private interface Outside {
        ArchRule outside(String room);
    }
}
