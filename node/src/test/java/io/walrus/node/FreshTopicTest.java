package io.walrus.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A topic that was created through one node a moment ago, asked for at another. */
class FreshTopicTest {

    @TempDir private Path dir;

    @Test
    void whatOneNodeRegisteredEveryNodeTakesAtOnceAndInOrder() {
        try (ThreeNodes three = ThreeNodes.start(dir, draft -> draft.rpcTimeoutMillis = 20_000);
                RawClient one = three.connect(1);
                RawClient two = three.connect(2);
                RawClient other = three.connect(3)) {
            for (int round = 0; round < 100; round++) {
                String topic = "fresh" + round;
                RawClient registrar = round % 2 == 0 ? one : two;
                assertThat(registrar.ask("REGISTER " + topic)).isEqualTo("OK");
                other.sendBytes(
                        RawClient.frames(
                                "PUT " + topic + " a",
                                "PUT " + topic + " b",
                                "STATE " + topic,
                                "PUT " + topic + " c"));
                assertThat(other.receive()).isEqualTo("OK");
                assertThat(other.receive()).isEqualTo("OK");
                assertThat(other.receive()).startsWith("{\"topic\":\"" + topic);
                assertThat(other.receive()).isEqualTo("OK");
                assertThat(other.ask("FETCH " + topic + " 1 0")).isEqualTo("OK 1 a");
                assertThat(other.ask("FETCH " + topic + " 1 2")).isEqualTo("OK 3 c");
            }
        }
    }

    @Test
    void aRegisterWaitsUntilTheClusterCanDecide() {
        try (ThreeNodes three = ThreeNodes.start(dir, draft -> draft.rpcTimeoutMillis = 20_000);
                RawClient left = three.connect(3)) {
            three.stopAtOnce(1);
            three.stopAtOnce(2);
            left.send("REGISTER events");
            three.startAgain(1);
            assertThat(left.receive()).isEqualTo("OK");
            assertThat(left.ask("PUT events a")).isEqualTo("OK");
        }
    }

    @Test
    void aTopicThatNobodyRegisteredIsUnknownEverywhere() {
        try (ThreeNodes three = ThreeNodes.start(dir);
                RawClient follower = three.connect(2)) {
            for (String verb : new String[] {"PUT nothing x", "GET nothing", "STATE nothing"}) {
                assertThat(follower.ask(verb))
                        .startsWith("ERR NO_TOPIC ")
                        .contains("unknown topic");
            }
        }
    }

    @Test
    void aNodeThatCannotAskTheClusterDoesNotSayThatATopicIsUnknown() {
        try (ThreeNodes three = ThreeNodes.start(dir, draft -> draft.rpcTimeoutMillis = 900);
                RawClient alone = three.connect(3)) {
            three.stop(1);
            three.stop(2);
            assertThat(alone.ask("PUT nothing x"))
                    .startsWith("ERR NO_LEADER ")
                    .contains("try again");
            assertThat(alone.ask("GET nothing")).startsWith("ERR NO_LEADER ");
        }
    }
}
