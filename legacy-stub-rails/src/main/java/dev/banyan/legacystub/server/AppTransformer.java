package dev.banyan.legacystub.server;

import com.github.tomakehurst.wiremock.extension.ResponseTransformerV2;
import com.github.tomakehurst.wiremock.http.HttpHeader;
import com.github.tomakehurst.wiremock.http.HttpHeaders;
import com.github.tomakehurst.wiremock.http.Response;
import com.github.tomakehurst.wiremock.stubbing.ServeEvent;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.banyan.legacystub.faults.Fault;
import dev.banyan.legacystub.faults.Faults;
import dev.banyan.legacystub.rails.Body;
import dev.banyan.legacystub.rails.Header;
import dev.banyan.legacystub.rails.RailsApp;
import dev.banyan.legacystub.rails.RailsRequest;
import dev.banyan.legacystub.rails.RailsResponse;
import java.util.List;

/** Puts the app's answer, or a fault, in the place of the stub mapping's; WireMock's own headers go with it. */
final class AppTransformer implements ResponseTransformerV2 {

    static final String NAME = "rails-app";

    private final RailsApp app;
    private final Faults faults;

    AppTransformer(RailsApp app, Faults faults) {
        this.app = app;
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
        RailsRequest request = request(event.getRequest());
        Fault fault = faults.draw(request.path());
        Response.Builder response =
                Response.response().incrementInitialDelay(fault.latency().toMillis());
        if (fault.kind() == Fault.Kind.RESET) {
            return response.fault(com.github.tomakehurst.wiremock.http.Fault.CONNECTION_RESET_BY_PEER)
                    .build();
        }
        RailsResponse answer =
                fault.kind() == Fault.Kind.ERROR ? app.fail(request, fault.status()) : app.answer(request);
        return response.status(answer.status())
                .headers(headers(answer.headers()))
                .body(answer.body().bytes())
                .build();
    }

    private static RailsRequest request(LoggedRequest request) {
        List<Header> headers = request.getHeaders().all().stream()
                .flatMap(header -> header.values().stream().map(value -> new Header(header.key(), value)))
                .toList();
        return new RailsRequest(request.getMethod().getName(), request.getUrl(), headers, Body.of(request.getBody()));
    }

    private static HttpHeaders headers(List<Header> headers) {
        return new HttpHeaders(headers.stream()
                .map(header -> new HttpHeader(header.name(), header.value()))
                .toList());
    }
}
