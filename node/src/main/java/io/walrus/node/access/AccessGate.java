package io.walrus.node.access;

import io.walrus.protocol.Command;
import io.walrus.protocol.ErrorCode;
import io.walrus.protocol.Reply;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Says yes or no to the requests of one connection.
 *
 * <p>Rules are looked up for every request, so that a token that is taken out of the file ends
 * there. One thread at a time.
 */
public final class AccessGate {

    private final Supplier<AccessRules> rules;
    private String hash = "";

    /**
     * @param rules those in force at the moment
     */
    public AccessGate(Supplier<AccessRules> rules) {
        this.rules = rules;
    }

    /** Takes the token for what follows; false if nobody has that one, and nothing changes then. */
    public boolean introduce(String token) {
        String shown = TokenHash.of(token);
        if (rules.get().ofHash(shown).isEmpty()) {
            return false;
        }
        hash = shown;
        return true;
    }

    /** Why not; empty if it may be done. */
    public Optional<Reply> refusal(Command command) {
        AccessRules now = rules.get();
        if (!now.wantsToken() || isForEverybody(command)) {
            return Optional.empty();
        }
        Optional<Grants> grants = now.ofHash(hash);
        return grants.isEmpty()
                ? Optional.of(wantsToken())
                : may(grants.get(), command)
                        ? Optional.empty()
                        : Optional.of(forbidden(grants.get(), command));
    }

    /** Which topics the connection may know of. */
    public Predicate<String> visible() {
        AccessRules now = rules.get();
        return now.wantsToken()
                ? topic ->
                        now.ofHash(hash)
                                .map(grants -> !grants.rightsOn(topic).isEmpty())
                                .orElse(false)
                : topic -> true;
    }

    /** Without a token, a connection learns that it needs one, and shows it. */
    private static boolean isForEverybody(Command command) {
        return switch (command.verb()) {
            case HELLO, AUTH -> true;
            default -> false;
        };
    }

    private static boolean may(Grants grants, Command command) {
        return switch (command.verb()) {
            case HELLO, AUTH, METRICS, TOPICS -> true;
            case STATE -> !grants.rightsOn(topicOf(command)).isEmpty();
            case GET,
                    GETB,
                    PEEK,
                    FETCH,
                    READ,
                    PLACE,
                    PLACEIN,
                    CURSOR,
                    CURSORS,
                    COMMIT,
                    SEEK,
                    WAIT ->
                    grants.may(Right.READ, topicOf(command));
            case PUT, APPEND, APPENDTO, APPENDB, BATCHTO, APPENDP, FIND ->
                    grants.may(Right.WRITE, topicOf(command));
            case REGISTER, DELETE, ROLL, READS -> grants.may(Right.ADMIN, topicOf(command));
            case DRAIN, UNDRAIN, LEAVE, REMOVE -> grants.mayMoveNodes();
        };
    }

    private static String topicOf(Command command) {
        return ((Command.OnTopic) command).topic();
    }

    private static Reply wantsToken() {
        return new Reply.Err(
                ErrorCode.UNAUTHORIZED,
                "this node wants a token that it knows; send AUTH <token> first");
    }

    private static Reply forbidden(Grants grants, Command command) {
        String what =
                command instanceof Command.OnTopic onTopic
                        ? command.verb() + " on topic " + onTopic.topic()
                        : command.verb() + ", which needs 'admin' on *";
        return new Reply.Err(
                ErrorCode.FORBIDDEN,
                "the token '%s' may not do %s; the tokens file of the node says what it may"
                        .formatted(grants.name(), what));
    }
}
