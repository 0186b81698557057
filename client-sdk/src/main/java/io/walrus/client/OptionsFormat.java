package io.walrus.client;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetClientOptions;

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
            try {
                read(json, name, options);
            } catch (ClassCastException wrongType) {
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
            case "connectTimeoutMillis" -> options.setConnectTimeoutMillis(json.getInteger(name));
            case "requestTimeoutMillis" -> options.setRequestTimeoutMillis(json.getInteger(name));
            case "connectRoundsMax" -> options.setConnectRoundsMax(json.getInteger(name));
            case "reconnectPauseMillisMin" ->
                    options.setReconnectPauseMillisMin(json.getInteger(name));
            case "reconnectPauseMillisMax" ->
                    options.setReconnectPauseMillisMax(json.getInteger(name));
            case "inFlightMax" -> options.setInFlightMax(json.getInteger(name));
            case "pendingMax" -> options.setPendingMax(json.getInteger(name));
            case "pendingBytesMax" -> options.setPendingBytesMax(json.getLong(name));
            case "frameBytesMax" -> options.setFrameBytesMax(json.getInteger(name));
            case "token" -> options.setToken(json.getString(name));
            case "storedOnce" -> options.setStoredOnce(json.getBoolean(name));
            case "straightToLeaders" -> options.setStraightToLeaders(json.getBoolean(name));
            case "netClientOptions" ->
                    options.setNetClientOptions(new NetClientOptions(json.getJsonObject(name)));
            default ->
                    throw new IllegalArgumentException(
                            "no such client option: "
                                    + name
                                    + "; there are "
                                    + write(options).fieldNames());
        }
    }
}
