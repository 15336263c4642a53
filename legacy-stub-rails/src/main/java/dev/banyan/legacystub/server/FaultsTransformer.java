package dev.banyan.legacystub.server;

import com.github.tomakehurst.wiremock.extension.ResponseTransformerV2;
import com.github.tomakehurst.wiremock.http.HttpHeader;
import com.github.tomakehurst.wiremock.http.HttpHeaders;
import com.github.tomakehurst.wiremock.http.Response;
import com.github.tomakehurst.wiremock.stubbing.ServeEvent;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.banyan.legacystub.faults.Faults;
import dev.banyan.money.json.RailsJson;

/** The control path. */
final class FaultsTransformer implements ResponseTransformerV2 {

    static final String NAME = "faults-control";

    private final Faults faults;

    FaultsTransformer(Faults faults) {
        this.faults = faults;
    }

    @Override
    public String getName() {
        return NAME;
    }

    @Override
    public boolean applyGlobally() {
        return false;
    }

    @Override
    public Response transform(Response ofTheMapping, ServeEvent event) {
        LoggedRequest request = event.getRequest();
        Faults.Reply reply = faults.control(request.getMethod().getName(), request.getBody());
        byte[] json = RailsJson.bytes(reply.content());
        return Response.response()
                .status(reply.status())
                .headers(new HttpHeaders(
                        new HttpHeader("Content-Type", "application/json"),
                        new HttpHeader("Content-Length", String.valueOf(json.length))))
                .body(json)
                .build();
    }
}
