package io.walrus.it.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.walrus.it.history.HistoryRecorder.PutCall;
import io.walrus.it.history.Operation.Put;
import io.walrus.it.history.Operation.PutAnswer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class HistoryRecorderTest {
    private final HistoryRecorder recorder = new HistoryRecorder();

    @Test
    void everyCallOfEveryThreadIsKeptWithStampsOfItsOwn() throws Exception {
        int threads = 4;
        int callsEach = 2_000;
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        List<Future<?>> running = new ArrayList<>();
        for (int thread = 0; thread < threads; thread++) {
            int client = thread;
            running.add(
                    pool.submit(
                            () -> {
                                for (int i = 0; i < callsEach; i++) {
                                    recorder.put(client, 1, "t", client + "-" + i).acked();
                                }
                            }));
        }
        for (Future<?> each : running) {
            each.get();
        }
        pool.shutdown();

        List<Operation> operations = recorder.history().operations();

        assertThat(operations).hasSize(threads * callsEach);
        assertThat(operations.stream().map(operation -> operation.call().startStamp()))
                .doesNotHaveDuplicates()
                .isSorted();
        assertThat(operations)
                .allMatch(operation -> operation.call().startStamp() < operation.call().endStamp());
    }

    @Test
    void aCallThatIsNotAnsweredIsUnknownAndNeverEnds() {
        recorder.put(1, 1, "t", "a");

        Put put = (Put) recorder.history().operations().get(0);

        assertThat(put.answer()).isInstanceOf(PutAnswer.Unknown.class);
        assertThat(put.call().endStamp()).isEqualTo(Call.NEVER);
    }

    @Test
    void aSecondAnswerIsRefused() {
        PutCall call = recorder.put(1, 1, "t", "a");
        call.acked();

        assertThatThrownBy(() -> call.unknown("timeout"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("came a second");
        assertThat(recorder.history().operations()).hasSize(1);
    }

    @Test
    void appendsThatCannotBeToldApartAreRefused() {
        recorder.put(1, 1, "t", "a").acked();
        recorder.put(2, 1, "t", "a").acked();

        assertThatThrownBy(recorder::history)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("value of its own");
    }

    @Test
    void aViolationTellsThePromiseAndTheCallsThatCannotAllBeTrue() {
        recorder.put(1, 2, "t", "a").acked();
        recorder.scan(3, 1, "t").saw(List.of());

        List<Violation> violations = HistoryChecker.check(recorder.history());

        assertThat(violations).hasSize(1);
        assertThat(violations.get(0).promise()).isEqualTo(Promise.ACKED_IS_NEVER_LOST);
        assertThat(violations.get(0).evidence()).hasSize(2);
        assertThat(violations.get(0).toString())
                .startsWith("AckedIsNeverLost broken on t (LOST): a was acknowledged")
                .contains("client 1 node 2", "client 3 node 1");
    }
}
