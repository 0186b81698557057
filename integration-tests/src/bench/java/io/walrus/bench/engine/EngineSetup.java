package io.walrus.bench.engine;

import java.nio.file.Path;

/**
 * How an engine is opened.
 *
 * @param directory exists, belongs to this engine alone
 * @param topics how many topics will be used; they are numbered from 0
 */
public record EngineSetup(Path directory, int topics, Durability durability) {
    public EngineSetup with(Durability other) {
        return new EngineSetup(directory, topics, other);
    }

    String topicName(int topic) {
        return "topic-" + topic;
    }
}
