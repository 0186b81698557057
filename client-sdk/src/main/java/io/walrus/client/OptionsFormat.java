package io.walrus.client;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetClientOptions;
import java.math.BigDecimal;

/** The client's options as JSON, each under the name of its property. */
final class OptionsFormat {

    private OptionsFormat() {}

    static JsonObject write(WalrusClientOptions options) {
        return new JsonObject()
                .put("addresses", new JsonArray(options.getAddresses()))
                .put("connectTimeoutMillis", options.getConnectTimeoutMillis())
                .put("requestTimeoutMillis", options.getRequestTimeoutMillis())
                .put("connectRoundsMax", options.getConnectRoundsMax())
                .put("reconnectPauseMillisMin", options.getReconnectPauseMillisMin())
                .put("reconnectPauseMillisMax", options.getReconnectPauseMillisMax())
                .put("inFlightMax", options.getInFlightMax())
                .put("pendingMax", options.getPendingMax())
                .put("pendingBytesMax", options.getPendingBytesMax())
                .put("frameBytesMax", options.getFrameBytesMax())
                .put("token", options.getToken())
                .put("storedOnce", options.isStoredOnce())
                .put("straightToLeaders", options.isStraightToLeaders())
                .put("netClientOptions", options.getNetClientOptions().toJson());
    }

    static void read(JsonObject json, WalrusClientOptions options) {
        for (String name : json.fieldNames()) {
            if (json.getValue(name) == null) {
                throw new IllegalArgumentException(
                        "client option " + name + " is null; leave it out for its default");
            }
            try {
                read(json, name, options);
            } catch (ClassCastException | NullPointerException wrongType) {
                throw new IllegalArgumentException(
                        "client option " + name + " has another type; came: " + json.getValue(name),
                        wrongType);
            }
        }
    }

    private static void read(JsonObject json, String name, WalrusClientOptions options) {
        switch (name) {
            case "addresses" ->
                    options.setAddresses(
                            json.getJsonArray(name).stream().map(String.class::cast).toList());
            case "connectTimeoutMillis" -> options.setConnectTimeoutMillis(integer(json, name));
            case "requestTimeoutMillis" -> options.setRequestTimeoutMillis(integer(json, name));
            case "connectRoundsMax" -> options.setConnectRoundsMax(integer(json, name));
            case "reconnectPauseMillisMin" ->
                    options.setReconnectPauseMillisMin(integer(json, name));
            case "reconnectPauseMillisMax" ->
                    options.setReconnectPauseMillisMax(integer(json, name));
            case "inFlightMax" -> options.setInFlightMax(integer(json, name));
            case "pendingMax" -> options.setPendingMax(integer(json, name));
            case "pendingBytesMax" -> options.setPendingBytesMax(whole(json, name));
            case "frameBytesMax" -> options.setFrameBytesMax(integer(json, name));
            case "token" -> options.setToken(json.getString(name));
            case "storedOnce" -> options.setStoredOnce(json.getBoolean(name));
            case "straightToLeaders" -> options.setStraightToLeaders(json.getBoolean(name));
            case "netClientOptions" -> options.setNetClientOptions(net(json.getJsonObject(name)));
            default ->
                    throw new IllegalArgumentException(
                            "no such client option: "
                                    + name
                                    + "; there are "
                                    + write(options).fieldNames());
        }
    }

    private static int integer(JsonObject json, String name) {
        long number = whole(json, name);
        if (number != (int) number) {
            throw new IllegalArgumentException(
                    "client option "
                            + name
                            + " is at most "
                            + Integer.MAX_VALUE
                            + "; came: "
                            + number);
        }
        return (int) number;
    }

    private static long whole(JsonObject json, String name) {
        try {
            return new BigDecimal(json.getNumber(name).toString()).longValueExact();
        } catch (ArithmeticException | NumberFormatException noLong) {
            throw new IllegalArgumentException(
                    "client option " + name + " is a whole number; came: " + json.getValue(name),
                    noLong);
        }
    }

    /** What is Vert.x's own is read by Vert.x, which throws whatever it meets. */
    private static NetClientOptions net(JsonObject json) {
        try {
            return new NetClientOptions(json);
        } catch (RuntimeException refused) {
            throw new IllegalArgumentException(
                    "client option netClientOptions cannot be read: " + refused.getMessage(),
                    refused);
        }
    }
}
