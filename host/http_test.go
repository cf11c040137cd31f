package host_test

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const remoteApp = `
local promise, errors, timer, async = require "util.promise", require "util.error", require "util.timer", require "util.async";
module:depends("http");
module:provides("http", { route = {
	["GET /text"] = function (event) return event.request.method .. event.request.path; end;
	["GET /table"] = { status_code = 201, body = "made" };
	["GET /error"] = function () return errors.new({ type = "cancel", condition = "gone", code = 410 }); end;
	["GET /promise"] = function () return promise.new(function (resolve) timer.add_task(0.001, function () resolve("kept"); end); end); end;
	["GET /later"] = function (event) timer.add_task(0.001, function () event.response:send("later"); end); return true; end;
	["GET /wait"] = function () async.sleep(0.001); return "waited"; end;
	["GET /url"] = function () return module:http_url(); end;
	["POST /echo"] = function (event) return event.request.body; end;
} });
`

// A module in a process of its own serves HTTP through the server's.
func TestHTTPOfIsolatedModules(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "mod_app.lua"), []byte(remoteApp), 0o600); err != nil {
		t.Fatal(err)
	}
	s := start(t, setting{config: fmt.Sprintf("[global]\nplugin_paths = [%q]\nmodules_enabled = [\"tls\", \"saslauth\"]\nhttps_ports = []\n[host.localhost]\nmodules_enabled = [\"app\"]\n[plugin.app]\nisolate = true\n", dir)})
	address := s.ServiceAddrs(t.Context(), "http")[0].String()
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	for _, k := range []struct{ method, path, want string }{
		{"GET", "/text", "200 GET/app/text"}, {"GET", "/table", "201 made"}, {"GET", "/error", "410 <!DOCTYPE html>"}, {"GET", "/promise", "200 kept"}, {"GET", "/later", "200 later"},
		{"GET", "/wait", "200 waited"}, {"GET", "/url", "200 http://localhost:5280/app"}, {"POST", "/echo", "200 body"}, {"GET", "/nothing", "404 <!DOCTYPE html>"},
	} {
		r, err := http.NewRequest(k.method, "http://"+address+"/app"+k.path, strings.NewReader("body"))
		if err != nil {
			t.Fatal(err)
		}
		r.Host = "localhost"
		resp, err := transport.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(resp.Body)
		resp.Body.Close()
		if got := fmt.Sprint(resp.StatusCode, " ", string(body)); !strings.HasPrefix(got, k.want) {
			t.Errorf("%s: got %.200q, want %q", k.path, got, k.want)
		}
	}
}
