package dev.banyan.controlplane.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** What the process was told, and by whom. */
final class SettingsView {
    private final List<EffectiveSetting> settings;

    SettingsView(List<EffectiveSetting> settings) {
        this.settings = settings;
    }

    Reply all(Call call) {
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
