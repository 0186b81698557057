package io.walrus.protocol;

import static io.walrus.protocol.Wire.framed;
import static io.walrus.protocol.Wire.latin;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.buffer.Buffer;
import io.walrus.protocol.Wire.Collected;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class FrameParserTest {

    private final Collected found = new Collected();
    private final FrameParser parser = FrameParser.ofRequests(100);

    @Test
    void manyFramesOfOneReadComeOutInOrder() {
        parser.parse(framed("a").appendBuffer(framed("bb")).appendBuffer(framed("ccc")), found);

        assertThat(found.bodies).containsExactly(latin("a"), latin("bb"), latin("ccc"));
        assertThat(parser.pendingBytes()).isZero();
    }

    @Test
    void frameInsideOneReadIsHandedOutInPlace() {
        Buffer read = framed("one").appendBuffer(framed("two"));
        List<Buffer> sources = new ArrayList<>();

        parser.parse(
                read,
                new FrameHandler() {
                    @Override
                    public void onFrame(Buffer bytes, int start, int end) {
                        sources.add(bytes);
                    }

                    @Override
                    public void onRefused(FrameRefused refused) {}
                });

        assertThat(sources).hasSize(2).allSatisfy(source -> assertThat(source).isSameAs(read));
    }

    @Test
    void framesSplitAtEveryByteAreTheSameFrames() {
        Buffer stream =
                framed("PUT t x").appendBuffer(framed("\0\1\2\3")).appendBuffer(framed("z"));
        for (int cut = 0; cut <= stream.length(); cut++) {
            Collected parts = new Collected();
            FrameParser fresh = FrameParser.ofRequests(100);

            fresh.parse(stream.getBuffer(0, cut), parts);
            fresh.parse(stream.getBuffer(cut, stream.length()), parts);

            assertThat(parts.bodies)
                    .as("cut at %d", cut)
                    .containsExactly(latin("PUT t x"), latin("\0\1\2\3"), latin("z"));
            assertThat(fresh.pendingBytes()).isZero();
        }
    }

    @Test
    void framesThatComeByteByByteAreTheSameFrames() {
        Buffer stream = framed("GET t").appendBuffer(framed("METRICS"));
        for (int i = 0; i < stream.length(); i++) {
            parser.parse(stream.getBuffer(i, i + 1), found);
        }

        assertThat(found.bodies).containsExactly(latin("GET t"), latin("METRICS"));
    }

    @Property(tries = 200)
    void anyBodiesInAnyPiecesComeOutWhole(
            @ForAll @Size(max = 20) List<@Size(min = 1, max = 100) byte[]> bodies,
            @ForAll long seed) {
        Buffer stream = Buffer.buffer();
        bodies.forEach(body -> stream.appendIntLE(body.length).appendBytes(body));
        FrameParser fresh = FrameParser.ofRequests(100);
        Collected parts = new Collected();
        Random random = new Random(seed);
        for (int at = 0; at < stream.length(); ) {
            int end = Math.min(stream.length(), at + 1 + random.nextInt(60));
            fresh.parse(stream.getBuffer(at, end), parts);
            at = end;
        }

        assertThat(parts.bodies).isEqualTo(bodies.stream().map(Buffer::buffer).toList());
        assertThat(parts.refusals).isEmpty();
    }

    @Test
    void halfAFrameIsKeptAndSaidToBePending() {
        parser.parse(framed("abcdef").getBuffer(0, 7), found);

        assertThat(found.bodies).isEmpty();
        assertThat(parser.pendingBytes()).isEqualTo(7);
    }

    @Test
    void bodyOfExactlyTheLimitPasses() {
        parser.parse(framed("x".repeat(100)), found);

        assertThat(found.bodies).hasSize(1);
    }

    @Test
    void lengthOneOverTheLimitIsRefusedBeforeTheBodyComes() {
        parser.parse(Buffer.buffer().appendIntLE(101), found);

        assertThat(found.refusals)
                .singleElement()
                .satisfies(
                        refused -> {
                            assertThat(refused.code()).isEqualTo(ErrorCode.TOO_LARGE);
                            assertThat(refused.message()).contains("100").contains("101");
                            assertThat(refused.closesConnection()).isTrue();
                        });
    }

    @Test
    void lengthZeroIsRefused() {
        parser.parse(Buffer.buffer().appendIntLE(0), found);

        assertThat(found.refusals)
                .extracting(FrameRefused::code)
                .containsExactly(ErrorCode.EMPTY_FRAME);
    }

    @Test
    void lengthWithTheHighestBitIsALargeNumberAndNoNegativeOne() {
        parser.parse(Buffer.buffer().appendIntLE(-1), found);

        assertThat(found.refusals)
                .extracting(FrameRefused::lengthBytes)
                .containsExactly(0xffff_ffffL);
    }

    @Test
    void badLengthThatComesByteByByteIsRefusedToo() {
        Buffer length = Buffer.buffer().appendIntLE(101);
        for (int i = 0; i < 4; i++) {
            parser.parse(length.getBuffer(i, i + 1), found);
        }

        assertThat(found.refusals).hasSize(1);
        assertThat(parser.pendingBytes()).isZero();
    }

    @Test
    void framesBeforeABadLengthCountAndWhatFollowsIsIgnored() {
        parser.parse(framed("a").appendIntLE(0).appendBuffer(framed("b")), found);
        parser.parse(framed("c"), found);

        assertThat(found.bodies).containsExactly(latin("a"));
        assertThat(found.refusals).hasSize(1);
    }

    @Test
    void announcedLengthAloneReservesLittle() {
        FrameParser wide = FrameParser.ofRequests(FrameParser.FRAME_BYTES_MAX_CEILING);

        wide.parse(Buffer.buffer().appendIntLE(FrameParser.FRAME_BYTES_MAX_CEILING), found);

        assertThat(wide.pendingBytes()).isEqualTo(4);
        assertThat(found.refusals).isEmpty();
    }

    @Test
    void limitOutsideItsRangeIsRefused() {
        assertThatThrownBy(() -> FrameParser.ofRequests(0)).hasMessageContaining("came: 0");
        assertThatThrownBy(() -> FrameParser.ofRequests(FrameParser.FRAME_BYTES_MAX_CEILING + 1))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
