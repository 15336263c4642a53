package dev.banyan.controlplane.admin.views;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.banyan.controlplane.admin.http.Call;
import dev.banyan.controlplane.admin.http.Reply;
import dev.banyan.json.Json;
import java.util.List;

/** What the process was told, and by whom. */
public final class SettingsView {
    private final List<EffectiveSetting> settings;

    public SettingsView(List<EffectiveSetting> settings) {
        this.settings = settings;
    }

    public Reply all(Call call) {
        ObjectNode json = Json.object();
        ArrayNode all = json.putArray("settings");
        settings.forEach(setting -> all.add(one(setting)));
        return Reply.ok(json);
    }

    private static ObjectNode one(EffectiveSetting setting) {
        ObjectNode json = Json.object().put("name", setting.name());
        if (setting.list()) {
            json.set("value", Json.array(setting.values()));
        } else {
            json.put("value", setting.values().get(0));
        }
        return json.put("source", setting.source());
    }
}
