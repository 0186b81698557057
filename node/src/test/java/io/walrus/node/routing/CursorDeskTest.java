package io.walrus.node.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.walrus.metadata.CursorPosition;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** When the shared cursor is stored, before entries are handed out or after. */
class CursorDeskTest {

    private final FakeShelf shelf = new FakeShelf();
    private final List<String> got = new ArrayList<>();
    private boolean atLeastOnce;
    private int behind;
    private CursorDesk desk = new CursorDesk(shelf, () -> atLeastOnce, () -> behind++);

    /** The owner died, and another one goes on from what is stored. */
    private void die() {
        desk = new CursorDesk(shelf, () -> atLeastOnce, () -> behind++);
    }

    private void get() {
        desk.ask(
                CursorDesk.Ask.one(
                        (entries, failure) ->
                                got.add(
                                        failure != null
                                                ? failure.getMessage()
                                                : entries.isEmpty()
                                                        ? "EMPTY"
                                                        : entries.get(0).toString())));
    }

    private void get(int count) {
        for (int i = 0; i < count; i++) {
            get();
        }
    }

    @Test
    void strictlyAtOnceStoresBeforeItHandsOutSoThatNoneComesTwice() {
        shelf.storing = new CompletableFuture<>();
        get();
        assertThat(got).isEmpty();
        assertThat(shelf.asked).isEqualTo(new CursorPosition(1, 1));
        shelf.storing.complete(null);
        assertThat(got).containsExactly("e0");
        die();
        get();
        assertThat(got).containsExactly("e0", "e1");
    }

    @Test
    void strictlyAtOnceHandsNothingOutThatCannotBeStored() {
        shelf.storing = CompletableFuture.failedFuture(new IllegalStateException("disk"));
        get();
        assertThat(got).containsExactly("disk");
    }

    @Test
    void atLeastOnceHandsOutFirstAndSkipsNoneWhenItsOwnerDies() {
        atLeastOnce = true;
        get(3);
        assertThat(got).containsExactly("e0", "e1", "e2");
        assertThat(shelf.stored).isEqualTo(CursorPosition.START);
        die();
        get();
        assertThat(got).endsWith("e2", "e0");
    }

    @Test
    void aDeskSaysThatItsStoredCursorIsBehindAndOnlyThen() {
        get(3);
        assertThat(behind).isZero();
        atLeastOnce = true;
        get(2);
        assertThat(behind).isPositive();
    }

    @Test
    void whatHasSettledDoesNotComeAgain() {
        atLeastOnce = true;
        get(3);
        desk.settle();
        assertThat(shelf.stored).isEqualTo(new CursorPosition(1, 3));
        die();
        get();
        assertThat(got).endsWith("e2", "e3");
    }

    @Test
    void atLeastOnceStoresAtTheLatestAfterAsManyAsItSays() {
        atLeastOnce = true;
        shelf.size = CursorDesk.UNSTORED_MAX + 10;
        get(CursorDesk.UNSTORED_MAX + 1);
        assertThat(shelf.stored).isEqualTo(new CursorPosition(1, CursorDesk.UNSTORED_MAX));
    }

    @Test
    void aFrozenCursorIsStoredAndStandsStill() {
        atLeastOnce = true;
        get(2);
        shelf.storing = new CompletableFuture<>();
        CompletionStage<Void> frozen = desk.freeze();
        get();
        assertThat(frozen.toCompletableFuture()).isNotDone();
        shelf.storing.complete(null);
        assertThat(frozen.toCompletableFuture()).isDone();
        assertThat(shelf.stored).isEqualTo(new CursorPosition(1, 2));
        assertThat(got).containsExactly("e0", "e1");
        desk.thaw();
        assertThat(got).containsExactly("e0", "e1", "e2");
    }

    @Test
    void aTopicThatBecomesStrictStoresFirstWhatWasHandedOut() {
        atLeastOnce = true;
        get(2);
        atLeastOnce = false;
        get();
        assertThat(shelf.stored).isEqualTo(new CursorPosition(1, 3));
        assertThat(got).containsExactly("e0", "e1", "e2");
    }

    @Test
    void aReadThatFailsBringsNothingAgainButALostOwnershipMay() {
        atLeastOnce = true;
        get(2);
        shelf.failure = new IllegalStateException("node 3 is away");
        get();
        shelf.failure = null;
        get();
        assertThat(got).containsExactly("e0", "e1", "node 3 is away", "e2");
        shelf.failure = new TopicShelf.NotOwnerException("events", "");
        get();
        shelf.failure = null;
        get();
        assertThat(got).endsWith("e0");
    }

    @Test
    void whatCannotBeStoredIsHandedOutAgain() {
        atLeastOnce = true;
        get(2);
        shelf.storing = CompletableFuture.failedFuture(new IllegalStateException("disk"));
        desk.settle();
        shelf.storing = CompletableFuture.completedFuture(null);
        get();
        assertThat(got).containsExactly("e0", "e1", "e0");
    }

    @Test
    void inAnotherTenureItBeginsWhereTheOthersLeftIt() {
        get(2);
        shelf.tenure = 5;
        shelf.stored = new CursorPosition(1, 7);
        get();
        assertThat(got).containsExactly("e0", "e1", "e7");
    }

    /** One segment with entries e0, e1 …, and a disk that stores when the test says. */
    private static final class FakeShelf implements CursorDesk.Shelf {
        private CursorPosition stored = CursorPosition.START;
        private CursorPosition asked;
        private CompletableFuture<Void> storing = CompletableFuture.completedFuture(null);
        private RuntimeException failure;
        private int size = 10;
        private int tenure = 1;

        @Override
        public int tenure() {
            return tenure;
        }

        @Override
        public CompletionStage<CursorPosition> cursor(int asOf) {
            return CompletableFuture.completedFuture(stored);
        }

        @Override
        public CompletionStage<Void> moveCursor(int asOf, CursorPosition place) {
            asked = place;
            return storing.thenRun(() -> stored = place);
        }

        @Override
        public CompletionStage<CursorDesk.ReadStep> read(
                int asOf, CursorPosition place, int entriesMax, int bytesMax) {
            if (failure != null) {
                return CompletableFuture.failedFuture(failure);
            }
            int from = (int) place.offset();
            List<Buffer> entries =
                    IntStream.range(from, Math.min(size, from + entriesMax))
                            .mapToObj(i -> Buffer.buffer("e" + i))
                            .toList();
            return CompletableFuture.completedFuture(new CursorDesk.ReadStep(place, entries));
        }
    }
}
