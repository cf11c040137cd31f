package lualib

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"testing"

	"quatrain/host/internal/luabridge/compat"
)

// benchLua runs code b.N times within one call; %d stands for how often.
func benchLua(b *testing.B, code string) {
	w := newWorldOn(compat.Options{Budget: -1}, luaTree)
	fn, err := w.in.Load([]byte(fmt.Sprintf(code, b.N)), "@bench", nil)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	b.ResetTimer()
	if _, err := w.in.Call(context.Background(), fn, 0); err != nil {
		b.Fatal(err)
	}
}

func BenchmarkEmptyLoop(b *testing.B) {
	benchLua(b, `local f = function(x) return x end for i = 1, %d do f "romeo@montague.example/orchard" end`)
}

func BenchmarkJIDSplit(b *testing.B) {
	benchLua(b, `local split = require "util.jid".split for i = 1, %d do local a, b, c = split "romeo@montague.example/orchard" end`)
}

func BenchmarkJIDSplitAlwaysAnother(b *testing.B) {
	benchLua(b, `local split = require "util.jid".split for i = 1, %d do local a, b, c = split("romeo@montague.example/" .. i) end`)
}

func BenchmarkJIDBare(b *testing.B) {
	benchLua(b, `local bare = require "util.jid".bare for i = 1, %d do local a = bare "romeo@montague.example/orchard" end`)
}

func BenchmarkJIDPrep(b *testing.B) {
	benchLua(b, `local prep = require "util.jid".prep for i = 1, %d do local a = prep "Romeo@montague.example/orchard" end`)
}

const jsonDocument = `{"name":"room","members":["a","b","c"],"config":{"public":true,"max":20,"text":"hello world\\n"}}`

func BenchmarkJSONDecode(b *testing.B) {
	benchLua(b, `local decode = require "util.json".decode for i = 1, %d do decode '`+jsonDocument+`' end`)
}

func BenchmarkJSONEncode(b *testing.B) {
	benchLua(b, `local json = require "util.json" local v = json.decode '`+jsonDocument+`' for i = 1, %d do json.encode(v) end`)
}

func BenchmarkFireEvent(b *testing.B) {
	benchLua(b, `local ev = require "util.events".new() for i = 1, 3 do ev.add_handler("x", function(e) end, i) end
		local e = {} for i = 1, %d do ev.fire_event("x", e) end`)
}

func BenchmarkCache(b *testing.B) {
	benchLua(b, `local c = require "util.cache".new(100) for i = 1, %d do c:set(i, i) c:get(i - 50) end`)
}

func BenchmarkRunner(b *testing.B) {
	benchLua(b, `local async = require "util.async" local r = async.runner(function() end) for i = 1, %d do r:run(i) end`)
}

func BenchmarkRunnerThatWaits(b *testing.B) {
	benchLua(b, `local async = require "util.async" local done
		local r = async.runner(function() local wait; wait, done = async.waiter() wait() end) for i = 1, %d do r:run(i) done() end`)
}

// Requests of eight clients at once, each on a connection of its own that is kept.
func BenchmarkHTTPRoute(b *testing.B) {
	address := httpWorld(b, newWorld(luaTree), `add("GET h/hello", function () return "Hello" end)`)
	b.SetParallelism(max(1, 8/runtime.GOMAXPROCS(0)))
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		c, err := net.Dial("tcp", address)
		if err != nil {
			b.Error(err)
			return
		}
		defer c.Close()
		r := bufio.NewReader(c)
		for pb.Next() {
			io.WriteString(c, "GET /hello HTTP/1.1\r\nHost: h\r\n\r\n")
			resp, err := http.ReadResponse(r, nil)
			if err != nil {
				b.Error(err)
				return
			}
			io.Copy(io.Discard, resp.Body)
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "requests/s")
}
