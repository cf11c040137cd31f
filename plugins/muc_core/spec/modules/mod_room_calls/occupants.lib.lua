-- Who is there. In the room are Romeo, its owner, and Juliet, each with one session.

local st = require "util.stanza";
local jid_bare = require "util.jid".bare;

local same = module:require "same";

local checks = {};

local function romeo_of(room)
	return room:get_occupant_by_nick(room.jid.."/Romeo");
end

function checks.occupant(room)
	local romeo = romeo_of(room);
	same(romeo.nick, room.jid.."/Romeo");
	same(romeo.bare_jid, "romeo@localhost");
	same(jid_bare(romeo.jid), "romeo@localhost");
	same(romeo.role, "moderator");
	local n = 0;
	for full_jid, presence in romeo:each_session() do
		n = n + 1;
		same(full_jid, romeo.jid);
		same(presence.attr.from, romeo.nick);
		same(presence, romeo:get_presence(full_jid));
		same(presence, romeo.sessions[full_jid]);
	end
	same(n, 1);
	same(romeo:get_presence().name, "presence");
	same(romeo:get_presence("mercutio@localhost/x"), nil);
	same(romeo:choose_new_primary(), romeo.jid);
	-- What clients join with is not shown to anybody.
	same(romeo:get_presence():get_child("x", "http://jabber.org/protocol/muc"), nil);
end

function checks.lookup(room)
	local romeo = romeo_of(room);
	same(room:get_occupant_jid(romeo.jid), romeo.nick);
	same(room:get_occupant_jid("mercutio@localhost/x"), nil);
	same(room:get_occupant_by_real_jid(romeo.jid).nick, romeo.nick);
	same(room:get_occupant_by_real_jid("romeo@localhost"), nil);
	same(room:get_occupant_by_real_jid("mercutio@localhost/x"), nil);
	same(room:get_occupant_by_nick(room.jid.."/Mercutio"), nil);
	same(room:has_occupant(), true);
	local found = {};
	for occupant_jid, occupant in room:each_occupant() do
		same(occupant.nick, occupant_jid);
		found[occupant_jid] = occupant.bare_jid;
	end
	same(found, { [room.jid.."/Romeo"] = "romeo@localhost"; [room.jid.."/Juliet"] = "juliet@localhost" });
end

-- The tables behind, which older modules read.
function checks.tables(room)
	local romeo = romeo_of(room);
	same(room._occupants[romeo.nick].jid, romeo.jid);
	same(room._occupants[romeo.nick].sessions[romeo.jid].name, "presence");
	same(room._jid_nick[romeo.jid], romeo.nick);
	local nicks = {};
	for full_jid, occupant_jid in pairs(room._jid_nick) do
		nicks[jid_bare(full_jid)] = occupant_jid;
	end
	same(nicks, { ["romeo@localhost"] = romeo.nick; ["juliet@localhost"] = room.jid.."/Juliet" });
end

-- What is handed out is a copy.
function checks.copies(room)
	local juliet = room:get_occupant_by_nick(room.jid.."/Juliet");
	juliet.role = "visitor";
	same(room:get_role(juliet.nick), "participant");
	room:save_occupant(juliet);
	same(room:get_role(juliet.nick), "visitor");
	juliet.role = "participant";
	same(room:get_role(juliet.nick), "visitor");
	same(room:save_occupant(juliet).role, "participant");
	same(room:get_role(juliet.nick), "participant");
end

-- Somebody whom a module brings in, with two sessions, and takes out again.
function checks.made(room)
	local jid = room.jid.."/Bot";
	local bot = room:new_occupant("bot@localhost", jid);
	same({ bot.bare_jid, bot.nick, bot.role, bot.jid }, { "bot@localhost", jid, "participant", nil });
	local presence = st.presence({ from = "bot@localhost/a"; to = jid }):tag("x", { xmlns = "http://jabber.org/protocol/muc" }):up();
	bot:set_session("bot@localhost/a", presence);
	bot:set_session("bot@localhost/b", st.presence());
	same(bot.jid, "bot@localhost/a");
	same(presence.attr.from, "bot@localhost/a");
	bot:set_session("bot@localhost/b", st.presence(), true);
	same(bot.jid, "bot@localhost/b");
	same(room:get_occupant_by_nick(jid), nil);

	room:save_occupant(bot);
	same(room:get_occupant_jid("bot@localhost/a"), jid);
	same(room:get_occupant_jid("bot@localhost/b"), jid);
	bot:remove_session("bot@localhost/b");
	same(bot.jid, "bot@localhost/a");
	room:save_occupant(bot);
	same(room:get_occupant_jid("bot@localhost/b"), nil);
	same(room:get_occupant_by_nick(jid).jid, "bot@localhost/a");
	bot:set_session("bot@localhost/a", st.presence({ type = "unavailable" }));
	same(room:save_occupant(bot), nil);
	same(room:get_occupant_by_nick(jid), nil);
	same(room:get_occupant_jid("bot@localhost/a"), nil);
end

function checks.roles(room)
	local juliet = room.jid.."/Juliet";
	same(room:get_role(room.jid.."/Romeo"), "moderator");
	same(room:get_role(room.jid.."/Nobody"), nil);
	same({ room:get_default_role("owner") }, { "moderator", 3 });
	same({ room:get_default_role() }, { "participant", 2 });
	same({ room:get_default_role("outcast") }, { nil, 0 });
	same(room:set_role(true, juliet, "visitor"), true);
	same(room:get_role(juliet), "visitor");
	same({ room:set_role(true, room.jid.."/Nobody", "visitor") }, { nil, "modify", "item-not-found" });
	same({ room:set_role(true, juliet, "king") }, { nil, "modify", "not-acceptable" });
	same({ room:set_role("juliet@localhost/x", room.jid.."/Romeo", "none") }, { nil, "cancel", "not-allowed" });
	same({ room:may_set_role("juliet@localhost/x", romeo_of(room), nil) }, { nil, "cancel", "not-allowed" });
	same(room:may_set_role(romeo_of(room).jid, room:get_occupant_by_nick(juliet), "moderator"), true);
	same(room:set_role(true, juliet, "participant", "That will do"), true);
end

return function () return checks; end
