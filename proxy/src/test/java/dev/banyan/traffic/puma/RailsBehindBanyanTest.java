package dev.banyan.traffic.puma;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.rails.Asked;
import dev.banyan.rails.Monolith;
import dev.banyan.rails.RailsServer;
import dev.banyan.rails.RailsServer.Running;
import dev.banyan.rails.Spellings;
import dev.banyan.rails.Taken;
import dev.banyan.routing.BaseTable;
import dev.banyan.routing.Flags;
import dev.banyan.routing.RoutingTable;
import dev.banyan.routing.decide.Decision;
import dev.banyan.routing.decide.Routed;
import dev.banyan.routing.decide.Router;
import dev.banyan.testing.Bytes;
import dev.banyan.testing.RawClient;
import dev.banyan.testing.Tables;
import dev.banyan.testing.TestEdge;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * On real sockets, with real Rails on both sides: what the router decides by itself is what happens, and what arrives is taken for what was
 * decided. Which spelling is decided how is RailsOracleTest's matter.
 */
@ExtendWith(RailsServer.class)
class RailsBehindBanyanTest {
    private static final int SAMPLE = 300;
    private static final long NOW = 1_767_225_600L;
    private static final Pattern OF_THE_GRAMMAR = Pattern.compile("[A-Za-z0-9._~!$&'()*+,;=:@/?%-]*");

    @ParameterizedTest
    @EnumSource(Monolith.class)
    void what_arrives_is_what_was_decided(Monolith stage, Running rails) throws IOException {
        long seed = Long.getLong("banyan.rails.seed", new Random().nextLong());
        Spellings spellings = new Spellings(seed);
        Router router = stage.router();
        List<String> complaints = new ArrayList<>();
        try (TestEdge edge = TestEdge.with(table(stage, rails.port()))) {

            for (int i = 0; i < SAMPLE; i++) {
                Asked asked = spellings.next();
                if (OF_THE_GRAMMAR.matcher(asked.target()).matches()) {
                    String head = RawClient.exchange(
                            edge.port(), asked.withHeader("Connection", "close").wire());
                    String complaint = complaint(router.route(asked.view(), NOW), head);
                    if (complaint != null) {
                        complaints.add(complaint + "\n" + Bytes.visible(asked.wire()) + "\n" + head);
                    }
                }
            }
        }

        assertThat(complaints).as("-Dbanyan.rails.seed=" + seed).isEmpty();
    }

    private static RoutingTable table(Monolith stage, int port) {
        BaseTable base = stage.table().base();
        return RoutingTable.of(
                1,
                Tables.base(
                        List.of(Tables.upstream("rails", port), Tables.upstream("modern", port)),
                        List.copyOf(base.routes().values())),
                Flags.NONE);
    }

    private static @Nullable String complaint(Routed routed, String head) {
        if (head.startsWith("HTTP/1.1 500 ")) {
            // A form in an unknown charset, on which Rails fails.
            return null;
        }
        if (routed instanceof Routed.Refused refused) {
            boolean refusedSo = head.startsWith("HTTP/1.1 " + refused.status() + " ");
            return refusedSo && value(head, "X-Witness") == null ? null : "not refused: " + refused;
        }
        Decision decision = ((Routed.To) routed).decision();
        if (!decision.routeId().equals(value(head, "X-Banyan-Route"))
                || !decision.side().word().equals(value(head, "X-Banyan-Side"))) {
            return "decided otherwise than " + decision;
        }
        String witness = value(head, "X-Witness");
        if (witness == null) {
            return "rails did not answer";
        }
        Taken taken = Taken.of(200, witness);
        boolean toModern = decision.upstream().equals("modern");
        boolean canonical = !toModern
                || ((taken.ran() == null || decision.sent().method().equals(taken.method()))
                        && (decision.routeId().equals("files")
                                || !taken.params().containsKey("format")));
        return canonical ? null : "modern got no canonical request: " + decision;
    }

    private static @Nullable String value(String head, String name) {
        Matcher field = Pattern.compile("(?im)^" + name + ": ([^\r]*)").matcher(head);
        return field.find() ? field.group(1) : null;
    }
}
