package host_test

import (
	"slices"
	"strings"
	"testing"
)

// A module that keeps what is logged, by a sink of a type of its own and by a simple one.
const logKeeper = `
module:set_global();
local promise, async = require "util.promise", require "util.async";
local logger = require "util.logger";
local kept, resolve = {};
local all = promise.new(function (r) resolve = r; end);
local function keep(line)
	table.insert(kept, line);
	if #kept == 4 then resolve(table.concat(kept, "\n")); end
end

require "core.loggingmanager".register_sink_type("keeper", function (config)
	return function (source, level, text)
		module:log("error", "heard of it"); -- which must not be heard in turn
		keep(config.mark.." "..source.." "..level.." "..text);
	end;
end);
local sink = logger.add_simple_sink(function (_, _, text) keep("simple "..text); end, { "error" });

function say()
	logger.make_logger("somebody", "warn")("%d bottles", 3);
	module:log("info", "nothing");
	module:log("error", "a plague");
	logger.init("somebody")("warn", "the end");
	local text = async.wait_for(all);
	logger.remove_sink(sink);
	return text;
end

function say_last()
	local heard = {};
	local last = logger.add_simple_sink(function (_, _, text)
		module:log("error", "heard of it, too");
		table.insert(heard, text);
	end, { "error" });
	module:log("error", "last words");
	logger.remove_sink(last);
	module:log("error", "too late");
	return table.concat(heard, "\n");
end
`

// Modules see what is logged, of what they have asked for, and nothing that comes of it.
func TestLogSinks(t *testing.T) {
	config := "[global]\nmodules_enabled = [\"t\"]\nlog = [{ to = \"keeper\", mark = \"!\", levels = { min = \"warn\" } }, { to = \"elsewhere\" }]\n[host.localhost]\n"
	s := start(t, setting{config: config, plugins: files("mod_t.lua", logKeeper)})
	got := strings.Split(strings.Join(s.lua(`return require "core.modulemanager".get_module("*", "t").say()`), ""), "\n")
	want := []string{"! somebody warn 3 bottles", "! t error a plague", "simple a plague", "! somebody warn the end"}
	slices.Sort(want)
	if slices.Sort(got); !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
	if got := s.lua(`return require "core.modulemanager".get_module("*", "t").say_last()`); len(got) != 1 || got[0] != "last words" {
		t.Errorf("before it was taken away, a sink heard %q", got)
	}
}
