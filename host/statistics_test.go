package host_test

import (
	"fmt"
	"net"
	"strings"
	"testing"
	"time"
)

const measured = `
[global]
plugin_paths = ["testdata/modules"]
%s
[host."localhost"]
modules_enabled = ["stats_witness"]
[component."rooms.localhost"]
plugin = "quiet_component"
`

// What modules measure, and what the server does, is shown by whoever asks the statistics manager.
func TestStatistics(t *testing.T) {
	s := start(t, setting{config: strings.Replace(measured, "%s", "statistics = \"internal\"\nstatistics_interval = \"manual\"", 1)})
	conn, err := net.Dial("tcp", s.Addrs()[0].String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprint(conn, `<stream:stream xmlns="jabber:client" xmlns:stream="http://etherx.jabber.org/streams" version="1.0" to="localhost">`)
	if _, err := conn.Read(make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	shown := strings.Join(s.lua(`
		local manager = require "core.statsmanager";
		manager.collect();
		return manager.get_metric_registry():render()`), "\n")
	for _, want := range []string{
		`prosody_mod_stats_witness__things_pieces{host="localhost"} 5`,
		`prosody_mod_stats_witness__acts_total{host="localhost"} 1`,
		`prosody_mod_stats_witness__lengths_bytes_bucket{host="localhost",le="4096"} 1`,
		`prosody_mod_stats_witness__waits_seconds_count{host="localhost"} 1`,
		`prosody_mod_stats_witness__verses_total{host="localhost",act="two"} 14`,
		`prosody_mod_stats_witness__volume{host="localhost"} 11`,
		`prosody_mod_c2s__connections{host="localhost",type="c2s_unauthed",ip_family="ipv4"} 1`,
		`# EOF`,
	} {
		if !strings.Contains(shown, want) {
			t.Errorf("%s is missing", want)
		}
	}
	if t.Failed() {
		t.Log(shown)
	}
}

// Without the options there is nobody to ask, and modules measure in vain.
func TestNoStatistics(t *testing.T) {
	s := start(t, setting{config: strings.Replace(measured, "%s", "", 1)})
	if got := s.lua(`local m = require "core.statsmanager"; return tostring(m.get_metric_registry()), tostring(m.collect), type(m.measure("times", "x")()())`); strings.Join(got, " ") != "nil nil function" {
		t.Error(got)
	}
}

// Another provider is sent what modules measure, and what the server does.
func TestStatsD(t *testing.T) {
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(20 * time.Second))
	options := fmt.Sprintf("statistics = \"statsd\"\nstatistics_config = { statsd_server = \"127.0.0.1\", statsd_port = %d }", conn.LocalAddr().(*net.UDPAddr).Port)
	start(t, setting{config: strings.Replace(measured, "%s", options, 1)})
	missing := map[string]bool{
		"prosody.prosody_mod_stats_witness.things_pieces.localhost:5|g": true,
		"prosody.prosody_mod_stats_witness.verses.localhost.two:14|c":   true,
		"prosody.prosody_mod_stats_witness.volume.localhost:11|g":       true,
	}
	for b := make([]byte, 1500); len(missing) > 0; {
		n, _, err := conn.ReadFrom(b)
		if err != nil {
			t.Fatalf("not sent: %v, %v", missing, err)
		}
		delete(missing, string(b[:n]))
	}
}
