package io.walrus.bench.engine;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** One way to open one engine. */
interface EngineKind {
    LogEngine open(EngineSetup setup) throws IOException;

    /** What the child JVM needs beyond the flags that all engines get. */
    default List<String> jvmFlags(Path nativeLibraries) throws IOException {
        return List.of();
    }

    /** Reads a closed directory back and returns how many of the acknowledged entries are there, unchanged. */
    default long countGood(EngineSetup setup, Ledger ledger) throws IOException {
        long good = 0;
        try (LogEngine engine = open(setup.with(Durability.NONE))) {
            for (int topic = 0; topic < ledger.topics(); topic++) {
                Ledger.Checker checker = ledger.checker(topic);
                engine.scan(topic, checker);
                good += checker.good();
            }
        }
        return good;
    }
}
