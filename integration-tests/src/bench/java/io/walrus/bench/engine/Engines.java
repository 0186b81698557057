package io.walrus.bench.engine;

import io.walrus.wal.Backend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Every engine that can be measured, by name. */
public final class Engines {
    private static final Map<String, EngineKind> KINDS = kinds();

    private Engines() {}

    /** Names, sorted. */
    public static List<String> names() {
        return List.copyOf(KINDS.keySet());
    }

    /** Opens the engine on its directory, creating what is missing. */
    public static LogEngine open(String name, EngineSetup setup) throws IOException {
        Files.createDirectories(setup.directory());
        return kind(name).open(setup);
    }

    /** JVM flags that only this engine needs; native libraries that it needs on a path are put into the directory. */
    public static List<String> jvmFlags(String name, Path nativeLibraries) throws IOException {
        return kind(name).jvmFlags(nativeLibraries);
    }

    /** Reads a closed directory back and returns how many acknowledged entries are there, byte for byte and in order. */
    public static long countGood(String name, EngineSetup setup, Ledger ledger) throws IOException {
        return kind(name).countGood(setup, ledger);
    }

    private static EngineKind kind(String name) {
        EngineKind kind = KINDS.get(name);
        if (kind == null) {
            throw new IllegalArgumentException(
                    "no engine named '" + name + "'; there are " + String.join(", ", KINDS.keySet()));
        }
        return kind;
    }

    private static Map<String, EngineKind> kinds() {
        Map<String, EngineKind> kinds = new TreeMap<>();
        kinds.put("pwrite", setup -> new PlainFiles(setup, null));
        kinds.put("osync", setup -> new PlainFiles(setup, StandardOpenOption.SYNC));
        kinds.put("odsync", setup -> new PlainFiles(setup, StandardOpenOption.DSYNC));
        kinds.put("mapped", MappedFiles::new);
        kinds.put("walrus", new WalrusKind(Backend.MAPPED, WalrusKind.Reads.ONE_BY_ONE));
        kinds.put("walrus-channel", new WalrusKind(Backend.FILE_CHANNEL, WalrusKind.Reads.ONE_BY_ONE));
        kinds.put("walrus-batches", new WalrusKind(Backend.MAPPED, WalrusKind.Reads.BATCHES));
        kinds.put("rocksdb", new RocksKind());
        kinds.put("chronicle", new ChronicleKind());
        kinds.put("artemis-nio", new ArtemisKind(ArtemisKind.Disk.NIO));
        kinds.put("artemis-aio", new ArtemisKind(ArtemisKind.Disk.AIO));
        kinds.put("artemis-mapped", new ArtemisKind(ArtemisKind.Disk.MAPPED));
        kinds.put("kafka", setup -> new KafkaBrokerEngine(setup, KafkaBrokerEngine.Tuning.BATCHES));
        kinds.put("kafka-default", setup -> new KafkaBrokerEngine(setup, KafkaBrokerEngine.Tuning.DEFAULT));
        return kinds;
    }
}
