-- The shell for whoever runs the server: what is typed comes as events "admin/repl-input", what is to be shown goes back to their origin.

local async = require "util.async";
local promise = require "util.promise";
local st = require "util.stanza";

module:set_global();

local commands = module:require "commands";
local new_environment = module:require("environment").new;
local show = module:require("format").value;
local read_words = module:require("words").read;

for _, section in ipairs { "module", "config", "c2s", "s2s", "host", "port", "user", "role", "xmpp", "dns", "http", "watch", "debug", "stats", "server", "help" } do
	module:require("section_"..section)(commands.add, commands);
end

-- What a command sees as self.session: print(…), width in characters (nil if it is not known), and what it keeps there itself.
local function new_session(origin)
	local session = { origin = origin };
	function session.print(...)
		local texts = {};
		for i = 1, select("#", ...) do
			texts[i] = tostring((select(i, ...)));
		end
		return origin.send(st.stanza("repl-output"):text(table.concat(texts, "\t")));
	end
	session.env = new_environment(session, commands);
	return session;
end

-- What is wrong with a line "section:name(…)" or, if it is no Lua, "section name …" whose section or command is not there.
local function not_there(line, is_lua, env)
	local section, name = line:match("^%s*([%a_][%w_]*):([%a_][%w_]*)%s*%(");
	if not section and not is_lua then
		section, name = (line.." "):match("^%s*([%a_][%w_]*)%s+([%a_][%w_]*)%s");
	end
	if not section then return; end
	local functions = env[section];
	if functions == nil then
		return ("there is no section %s: \"help\" lists those there are"):format(section);
	elseif type(functions) == "table" and functions[name] == nil then
		return ("%s has no command %s: \"help %s\" lists those it has"):format(section, name, section);
	end
end

-- Runs a line: "section name word…", an expression, or statements; after ">" with all globals. Returns what it returns.
local function run(session, line)
	local code, env = line:match("^%s*>(.*)$"), session.env;
	if code then
		env = setmetatable({ print = session.print }, { __index = _G, __newindex = session.env });
	else
		local command, arguments = commands.find_words(read_words(line));
		if command then
			return commands.run_words(command, session, arguments);
		end
		code = line;
	end
	local chunk, problem = load("return "..code, "=shell", "t", env);
	if not chunk then
		chunk, problem = load(code, "=shell", "t", env);
	end
	local missing = line == code and not_there(line, chunk, env);
	if missing or not chunk then
		error({ text = missing or "cannot read this: "..problem:gsub("^shell:%d+: ", "") });
	end
	return chunk();
end

-- What went wrong, as text: that of an error, or of an error of util.error or a stanza.
local function describe(problem)
	if type(problem) == "table" then
		problem = problem.text or problem.condition or problem;
	end
	return "Error: "..tostring(problem);
end

-- The outcome of a line as text, and whether it is a failure.
local function outcome(value, message)
	if promise.is_promise(value) then
		value, message = async.wait_for(value);
	end
	if not value and message ~= nil then
		return describe(message), true;
	elseif message ~= nil then
		return "OK: "..tostring(message);
	elseif value == nil then
		return "";
	end
	return "Result: "..show(value);
end

module:hook("admin/repl-input", function (event)
	local origin = event.origin;
	local session = origin.shell_session;
	if not session then
		session = new_session(origin);
		origin.shell_session = session;
	end
	session.width = tonumber(event.stanza.attr.width);
	local ok, text, failed = pcall(function () return outcome(run(session, event.stanza:get_text() or "")); end);
	if not ok then
		text, failed = describe(text), true;
	end
	origin.send(st.stanza("repl-result", { type = failed and "error" or nil }):text(text));
	return true;
end);

-- What a command has begun for a shell, such as a watch, ends with it: functions in session.on_end.
module:hook("admin-disconnected", function (event)
	local session = event.origin and event.origin.shell_session;
	for _, finish in ipairs(session and session.on_end or {}) do
		finish();
	end
end);
