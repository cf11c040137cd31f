-- Ad-Hoc Commands (XEP-0050): other modules provide them, this one lists and executes them. adhoc.lib.lua is for those modules,
-- session.lib.lua has the executions that go on, answer.lib.lua what a handler's result means.

local st = require "util.stanza";
local it = require "util.iterators";
local jid_host = require "util.jid".host;

local sessions = module:require("session");
local build_answer = module:require("answer");
local cmdtag = module:require("adhoc").cmdtag;

local NS = "http://jabber.org/protocol/commands";
local NS_FORMS = "jabber:x:data";

local known_actions = { execute = true; cancel = true; prev = true; next = true; complete = true };

local commands = {}; -- node → command

module:add_feature(NS);

local function may_use(command, event)
	local permission = command.permission;
	if permission == "any" then
		return true;
	elseif permission == "local_user" then
		return jid_host(event.stanza.attr.from) == module.host;
	end
	return permission == "check" and module:could("adhoc:"..command.node, event);
end

local function fail(stanza, err_type, condition, specific, text)
	return st.error_reply(stanza, {
		type = err_type; condition = condition; text = text;
		extra = specific and { namespace = NS; condition = specific } or nil;
	});
end

local function forbid(command, stanza)
	local text = "This command is not for you";
	local canceled = cmdtag(command, "canceled"):text_tag("note", text, { type = "error" });
	return fail(stanza, "auth", "forbidden", nil, text):reset():add_child(canceled);
end

-- Calls the command's handler. It may wait.
local function execute(session, event, action, request)
	local stanza = event.stanza;
	local result, state = session.command:handler({
		origin = event.origin; stanza = stanza;
		to = stanza.attr.to; from = stanza.attr.from;
		action = action;
		form = request:get_child("x", NS_FORMS);
	}, session.state);
	local reply, actions = build_answer(session, stanza, result, action == "cancel");
	if actions then
		sessions.keep(session, state, actions);
	else
		sessions.finish(session);
	end
	return reply;
end

local function answer(command, event)
	local stanza = event.stanza;
	local request, requester = stanza.tags[1], stanza.attr.from;
	local action, id = request.attr.action or "execute", request.attr.sessionid;
	if not may_use(command, event) then
		module:log("debug", "%s may not use the command %q", requester, command.node);
		return forbid(command, stanza);
	elseif not known_actions[action] then
		return fail(stanza, "modify", "bad-request", "malformed-action");
	end
	local session, problem;
	if id then
		session, problem = sessions.find(id, command, requester);
	else
		session = sessions.new(command, requester);
	end
	if problem == "session-expired" then
		return fail(stanza, "cancel", "not-allowed", problem, "This has ended already");
	elseif problem then
		return fail(stanza, "modify", "bad-request", problem);
	elseif not sessions.allows(session, action) then
		return fail(stanza, "modify", "bad-request", "bad-action");
	end
	local ok, reply = xpcall(function ()
		return execute(session, event, action, request);
	end, debug.traceback);
	if not ok then
		module:log("error", "Command %q: %s", command.node, reply);
		sessions.finish(session);
		return fail(stanza, "cancel", "internal-server-error");
	end
	return reply;
end

module:hook("iq-set/host/"..NS..":command", function (event)
	local command = commands[event.stanza.tags[1].attr.node];
	if command then
		event.origin.send(answer(command, event));
		return true;
	end
end);

-- What nobody has answered for, a component of its own (-1) neither.
module:hook("iq/host", function (event)
	local origin, stanza = event.origin, event.stanza;
	local request = stanza.attr.type == "set" and stanza.tags[1];
	if not request or request.name ~= "command" or request.attr.xmlns ~= NS then return; end
	if request.attr.node then
		origin.send(fail(stanza, "cancel", "item-not-found", nil, "There is no such command"));
	else
		origin.send(fail(stanza, "modify", "bad-request"));
	end
	return true;
end, -10);

module:hook("host-disco-info-node", function (event)
	local node, reply = event.node, event.reply;
	local command = commands[node];
	if node == NS then
		reply:tag("identity", { category = "automation"; type = "command-list"; name = "Commands" }):up();
		event.exists = true;
	elseif command and not may_use(command, event) then
		event.origin.send(fail(event.stanza, "auth", "forbidden"));
		return true;
	elseif command then
		reply:tag("identity", { category = "automation"; type = "command-node"; name = command.name }):up();
		reply:tag("feature", { var = NS }):up():tag("feature", { var = NS_FORMS }):up();
		event.exists = true;
	end
end);

module:hook("host-disco-items-node", function (event)
	if event.node ~= NS then return; end
	for node, command in it.sorted_pairs(commands) do
		if may_use(command, event) then
			event.reply:tag("item", { jid = module.host; node = node; name = command.name }):up();
		end
	end
	event.exists = true;
end);

local function add(event)
	local command = event.item;
	if type(command.node) ~= "string" or type(command.handler) ~= "function" then
		module:log("error", "A command of %s has no node or no handler", command._provided_by or "a module");
		return;
	elseif commands[command.node] then
		module:log("warn", "There are two commands %q, the later one counts", command.node);
	end
	commands[command.node] = command;
end

local function remove(event)
	local command = event.item;
	if commands[command.node] == command then
		commands[command.node] = nil;
	end
end

module:handle_items("adhoc-provider", add, remove);
module:handle_items("adhoc", add, remove); -- COMPAT how modules provided commands before module:provides
