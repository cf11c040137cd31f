-- Handlers decide who may come in, as whom, and remember something about him on the way.

local st = require "util.stanza";

local same = module:require "same";

local checks = {};
local seen = {};
local handlers = {};

local function hook(name, handler, priority)
	module:hook(name, handler, priority);
	table.insert(handlers, function ()
		module:unhook(name, handler);
	end);
end

local function remember(name)
	hook(name, function (event)
		table.insert(seen, { name, event.occupant.mod_note, event.occupant.role, event.occupant.nick, event.nick });
	end);
end

function checks.hook_joining()
	hook("muc-occupant-pre-join", function (event)
		event.occupant.mod_note = "seen";
		if event.is_first_session then
			event.occupant.nick = event.room.jid.."/Renamed";
			event.occupant.role = "visitor";
		end
	end, -50);
	remember("muc-occupant-joined");
	remember("muc-occupant-session-new");
end

function checks.renamed(room)
	local nick = room.jid.."/Renamed";
	same(seen, { { "muc-occupant-joined", "seen", "visitor", nick, nick }, { "muc-occupant-session-new", "seen", "visitor", nick, nick } });
	seen = {};
end

function checks.second_session(room)
	local nick = room.jid.."/Renamed";
	same(seen, { { "muc-occupant-session-new", "seen", "visitor", nick, nick } });
	local n = 0;
	for _ in room:get_occupant_by_nick(nick):each_session() do
		n = n + 1;
	end
	same(n, 2);
	seen = {};
end

-- Who is kept waiting, and let in later.
local waiting;

function checks.hook_waiting()
	hook("muc-occupant-pre-join", function (event)
		if event.stanza:get_child("late", "urn:example:calls") then return; end
		waiting = { event.origin, st.clone(event.stanza):tag("late", { xmlns = "urn:example:calls" }):up() };
		return true;
	end, 100);
end

function checks.let_in(room)
	room:handle_normal_presence(waiting[1], waiting[2]);
end

-- Nor is there a room yet.
function checks.hook_creating()
	hook("muc-room-pre-create", function (event)
		if event.stanza:get_child("late", "urn:example:calls") then return; end
		waiting = { event.origin, st.clone(event.stanza):tag("late", { xmlns = "urn:example:calls" }):up(), event.room };
		return true;
	end, 100);
end

function checks.let_create()
	waiting[3]:handle_first_presence(waiting[1], waiting[2]);
end

function checks.unhook_joining()
	for _, unhook in ipairs(handlers) do
		unhook();
	end
	handlers = {};
end

return function () return checks; end
