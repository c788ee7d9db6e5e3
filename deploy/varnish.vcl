# Varnish in front of a gate. Nothing here knows of a release, so nothing here is edited for one.
# A gate is safe behind Varnish's built-in VCL too; this adds what is kind to readers.
#
# To edit once: the address of the gate. Tested with Varnish 7.1 by tests/gate/test_in_front.py.

vcl 4.1;

backend gate {
    .host = "127.0.0.1";
    .port = "9330";
    .connect_timeout = 1s;
    .first_byte_timeout = 10s;
}

sub vcl_recv {
    # What is public is the same for everybody. With a cookie the built-in VCL would ask the gate
    # every time, and a crowd whose browsers hold one would all stand at the gate at T.
    unset req.http.Cookie;
    unset req.http.Authorization;
    if (req.method != "GET" && req.method != "HEAD") {
        # The gate says 405. Not piped: a connection is not handed over to whoever asks oddly.
        return (pass);
    }
}

sub vcl_backend_response {
    # Never an old answer while, or because, a new one is not to be had. The gate says so itself
    # (stale-while-revalidate=0); this holds also for what did not come from the gate.
    set beresp.grace = 0s;
    # The lifetime is the gate's. An answer that may not be kept (max-age=0, just before T) does
    # not make others wait for one another: that is the built-in VCL's hit-for-miss.
}

# Nor may a browser keep the news that the gate could not be reached.
sub vcl_backend_error {
    set beresp.http.Cache-Control = "no-store";
}
sub vcl_synth {
    set resp.http.Cache-Control = "no-store";
}
